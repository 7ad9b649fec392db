#include "table_stage.h"

#include <algorithm>

namespace lockstep::io {

std::string TableStage::add(const Row& row, const ColumnFormats& stored) {
    std::string misfit;
    for (std::size_t i = 0; i < row.size(); ++i)
        if (!column(row[i].first, i, stored).put(rows_, row[i].second)) misfit = row[i].first;
    ++rows_;
    return misfit;
}

/// Most rows name the same columns in the same order, so that the guess is right.
ColumnBuffer& TableStage::column(const std::string& name, std::size_t guess, const ColumnFormats& stored) {
    if (guess < columns_.size() && columns_[guess].name() == name) return columns_[guess];
    const auto found = std::ranges::find(columns_, name, &ColumnBuffer::name);
    if (found != columns_.end()) return *found;
    const auto format = stored.find(name);
    return columns_.emplace_back(name, format == stored.end() ? std::nullopt : std::optional(format->second));
}

void TableStage::finish() {
    std::erase_if(columns_, [](const ColumnBuffer& column) { return !column.typed(); });
    for (ColumnBuffer& column : columns_) column.pad(rows_);
}

void TableStage::clear() {
    columns_.clear();
    rows_ = 0;
}

bool TableStage::has_column(const std::string& name) const {
    return std::ranges::find(columns_, name, &ColumnBuffer::name) != columns_.end();
}

std::size_t TableStage::bytes() const {
    std::size_t bytes = 0;
    for (const ColumnBuffer& column : columns_) bytes += column.bytes();
    return bytes;
}

}  // namespace lockstep::io
