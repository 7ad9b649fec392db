#include <algorithm>
#include <cmath>
#include <limits>

#include <lockstep/core/error.h>
#include <lockstep/train/history.h>

namespace lockstep {

namespace {
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
}

void History::append(std::int64_t epoch, const Logs& logs) {
    epochs_.push_back(epoch);
    for (const auto& [key, value] : logs.entries())
        if (!contains(key)) columns_.emplace_back(key, std::vector<double>(epochs_.size() - 1, kMissing));
    for (auto& [key, column] : columns_) column.push_back(logs.get(key, kMissing));
}

std::vector<std::string> History::keys() const {
    std::vector<std::string> names;
    for (const auto& [key, column] : columns_) names.push_back(key);
    return names;
}

bool History::contains(std::string_view key) const {
    return std::ranges::any_of(columns_, [&](const auto& column) { return column.first == key; });
}

const std::vector<double>& History::at(std::string_view key) const {
    for (const auto& [name, column] : columns_)
        if (name == key) return column;
    std::string known;
    for (const auto& name : keys()) known += (known.empty() ? "" : ", ") + name;
    throw Error("the history has no \"" + std::string(key) +
                "\"; it has: " + (known.empty() ? "nothing" : known));
}

History History::since(std::size_t row) const {
    History rest;
    rest.epochs_.assign(epochs_.begin() + static_cast<std::ptrdiff_t>(row), epochs_.end());
    for (const auto& [key, column] : columns_)
        rest.columns_.emplace_back(
            key, std::vector<double>(column.begin() + static_cast<std::ptrdiff_t>(row), column.end()));
    return rest;
}

Config History::config() const {
    Config epochs = Config::array();
    for (const std::int64_t epoch : epochs_) epochs.push_back(epoch);
    Config columns = Config::table();
    for (const auto& [key, column] : columns_) {
        Config values = Config::array();
        for (const double value : column) values.push_back(std::isnan(value) ? Config() : Config(value));
        columns.set(key, values);
    }
    return Config::table({{"epochs", epochs}, {"columns", columns}});
}

History History::from_config(const Config& config) {
    History history;
    const Config epochs = config.at("epochs");
    for (std::size_t row = 0; row < epochs.size(); ++row)
        history.epochs_.push_back(epochs[row].as<std::int64_t>());
    const Config columns = config.at("columns");
    for (const std::string& key : columns.keys()) {
        const Config values = columns.at(key);
        std::vector<double> column;
        for (std::size_t row = 0; row < values.size(); ++row)
            column.push_back(values[row].is_null() ? kMissing : values[row].as<double>());
        history.columns_.emplace_back(key, std::move(column));
    }
    return history;
}

}  // namespace lockstep
