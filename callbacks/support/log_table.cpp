#include "log_table.h"

#include <limits>
#include <utility>

namespace lockstep {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// loss, metrics and what was recorded: only their makers know the unit.
constexpr const char* kUnknownUnit = "";

}  // namespace

LogTable::LogTable(std::string name, std::vector<ColumnMeaning> columns, Values values)
    : name_(std::move(name)), columns_(std::move(columns)), values_(values) {}

void LogTable::append(io::TableFile& file, std::span<const io::Cell> own, const Logs& logs,
                      const Logs& batch_logs) {
    if (!fits(logs)) make_row(file, logs);
    for (std::size_t i = 0; i < own.size(); ++i) row_[i].second = own[i];
    std::size_t next = own.size();
    for (const auto& [key, value] : logs.entries()) {
        row_[next++].second = value;
        if (values_ == Values::batch) row_[next++].second = batch_logs.get(key, kMissing);
    }
    file.append(name_, row_);
}

/// Whether the logs have the keys of the row, in its order.
bool LogTable::fits(const Logs& logs) const {
    if (row_.size() != columns_.size() + cells_per_key() * logs.entries().size()) return false;
    std::size_t next = columns_.size();
    for (const auto& [key, value] : logs.entries()) {
        if (row_[next].first != key) return false;
        next += cells_per_key();
    }
    return true;
}

void LogTable::make_row(io::TableFile& file, const Logs& logs) {
    row_.clear();
    lockstep::describe(file, name_, columns_);
    for (const ColumnMeaning& column : columns_) row_.emplace_back(column.name, io::Cell{});
    for (const auto& [key, value] : logs.entries()) {
        row_.emplace_back(key, io::Cell{});
        if (values_ == Values::batch) row_.emplace_back("batch_" + key, io::Cell{});
        describe(file, key);
    }
}

void LogTable::describe(io::TableFile& file, const std::string& key) const {
    if (values_ == Values::batch) {
        file.describe(name_, key, kUnknownUnit,
                      key + ": mean over the samples of the epoch up to this batch");
        file.describe(name_, "batch_" + key, kUnknownUnit, key + " of this batch alone");
    } else if (key.starts_with("val_")) {
        file.describe(name_, key, kUnknownUnit, key.substr(4) + " on the validation data after the epoch");
    } else {
        file.describe(name_, key, kUnknownUnit, key + " over the training samples of the epoch");
    }
}

}  // namespace lockstep
