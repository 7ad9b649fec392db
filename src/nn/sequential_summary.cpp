#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>

#include <lockstep/nn/sequential.h>

namespace lockstep {
namespace {

using Row = std::array<std::string, 3>;

/// 401920 -> "401,920"
std::string grouped(std::size_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
    return digits;
}

std::string mebibytes(std::size_t floats) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(2)
         << static_cast<double>(floats * sizeof(float)) / (1024.0 * 1024.0);
    return text.str() + " MiB";
}

/// Parameters of each layer.
std::vector<std::size_t> parameter_counts(const Sequential& model) {
    std::vector<std::size_t> counts(model.layers().size(), 0);
    const ParameterLayout& layout = model.parameters();
    for (const ParameterGroup& group : layout.groups)
        for (std::size_t i = 0; i < group.parameters; ++i)
            counts[group.layer] += layout.parameters[group.first_parameter + i].size;
    return counts;
}

std::string table(const std::vector<Row>& rows) {
    std::array<int, 3> widths{};
    for (const Row& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], static_cast<int>(row[i].size()));
    std::ostringstream text;
    for (const Row& row : rows) {
        text << std::left << std::setw(widths[0]) << row[0] << "  " << std::setw(widths[1]) << row[1] << "  "
             << std::right << std::setw(widths[2]) << row[2] << '\n';
        if (&row == &rows.front())
            text << std::string(static_cast<std::size_t>(widths[0] + widths[1] + widths[2] + 4), '-') << '\n';
    }
    return text.str();
}

}  // namespace

std::string Sequential::summary() const {
    const std::vector<std::size_t> counts = parameter_counts(*this);
    std::vector<Row> rows{{"Layer (type)", "Output shape", "Parameters"}};
    rows.push_back({"input", input_.to_string(), "0"});
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        rows.push_back({entry.name + " (" + std::string(entry.layer->type()) + ")", entry.output.to_string(),
                        grouped(counts[i])});
    }
    const std::size_t total = layout_.total();
    const std::size_t trainable = layout_.trainable();
    std::ostringstream text;
    text << table(rows) << "\nTotal parameters: " << grouped(total) << " (" << mebibytes(total) << ")\n"
         << "Trainable parameters: " << grouped(trainable) << " (" << mebibytes(trainable) << ")\n"
         << "Operations per sample, forward: " << grouped(static_cast<std::size_t>(flops_per_sample()))
         << '\n';
    return text.str();
}

}  // namespace lockstep
