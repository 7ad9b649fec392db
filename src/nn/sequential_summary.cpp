#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>

#include <lockstep/nn/sequential.h>

namespace lockstep {
namespace {

using Row = std::array<std::string, 5>;

constexpr std::size_t kTexts = 2;  // the first columns; the others are numbers

/// 401920 -> "401,920"
std::string grouped(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
    return digits;
}

std::string grouped(double number) {
    return grouped(static_cast<std::size_t>(number));
}

std::string mebibytes(std::size_t floats) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(2)
         << static_cast<double>(floats * sizeof(float)) / (1024.0 * 1024.0);
    return text.str() + " MiB";
}

/// A layer, and behind it, indented, those inside it.
void add_rows(std::vector<Row>& rows, const SubLayer& part, const std::string& indent) {
    std::size_t parameters = 0, trainable = 0;
    for (const WeightSpec& spec : part.layer->weights()) {
        parameters += spec.shape.size();
        if (spec.rule == WeightRule::optimizer) trainable += spec.shape.size();
    }
    rows.push_back({indent + part.name + " (" + std::string(part.layer->type()) + ")",
                    part.output.to_string(), grouped(parameters), grouped(trainable),
                    grouped(part.layer->flops_per_sample())});
    for (const SubLayer& inner : part.layer->sub_layers()) add_rows(rows, inner, indent + "  ");
}

std::string table(const std::vector<Row>& rows) {
    std::array<std::size_t, std::tuple_size_v<Row>> widths{};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::ostringstream text;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            text << (i == 0 ? "" : "  ") << (i < kTexts ? std::left : std::right)
                 << std::setw(static_cast<int>(widths[i])) << row[i];
        text << '\n';
        if (&row != &rows.front()) continue;
        for (std::size_t i = 0; i < row.size(); ++i)
            text << (i == 0 ? "" : "--") << std::string(widths[i], '-');
        text << '\n';
    }
    return text.str();
}

}  // namespace

std::string Sequential::summary() const {
    std::vector<Row> rows{{"Layer (type)", "Output shape", "Parameters", "Trainable", "Operations"}};
    rows.push_back({"input", input_.to_string(), "0", "0", "0"});
    for (const Entry& entry : layers()) add_rows(rows, {entry.name, entry.layer.get(), entry.output}, "");
    const std::size_t total = layout_.total(), trainable = layout_.trainable();
    std::ostringstream text;
    text << table(rows) << "\nTotal parameters: " << grouped(total) << " (" << mebibytes(total) << ")\n"
         << "Trainable parameters: " << grouped(trainable) << " (" << mebibytes(trainable) << ")\n"
         << "Not trainable: " << grouped(total - trainable) << " (" << mebibytes(total - trainable) << ")\n"
         << "Operations per sample, forward: " << grouped(flops_per_sample())
         << ", forward and backward: " << grouped(training_flops_per_sample()) << '\n';
    return text.str();
}

}  // namespace lockstep
