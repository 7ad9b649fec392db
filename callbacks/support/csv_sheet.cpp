#include "csv_sheet.h"

#include <algorithm>
#include <utility>

#include "csv_text.h"

namespace lockstep {

namespace {

std::vector<std::string> headers(const std::vector<CsvColumn>& columns) {
    std::vector<std::string> names(columns.size());
    std::ranges::transform(columns, names.begin(), &CsvColumn::header);
    return names;
}

}  // namespace

CsvSheet::CsvSheet(Layout layout) : layout_(std::move(layout)), columns_(layout_.given) {}

bool CsvSheet::adopt(const std::vector<std::string>& header) {
    const std::vector<std::string> given = headers(layout_.given);
    const auto [end, rest] = std::ranges::mismatch(given, header);
    if (end != given.end() || (layout_.chosen && rest != header.end())) return false;
    reset();
    for (auto name = rest; name != header.end(); ++name)
        columns_.push_back(log_column(*name, "", "", layout_.batches));
    return true;
}

std::string CsvSheet::given_header() const {
    return csv_record(headers(layout_.given), layout_.separator);
}

void CsvSheet::add(const std::string& key) {
    if (layout_.chosen || std::ranges::find(columns_, key, &CsvColumn::header) != columns_.end()) return;
    columns_.emplace_back(CsvColumn::Source::logs, key, key);
    if (layout_.batches) columns_.emplace_back(CsvColumn::Source::batch_logs, key, "batch_" + key);
}

void CsvSheet::drop_behind(std::size_t count) {
    columns_.erase(columns_.begin() + static_cast<std::ptrdiff_t>(count), columns_.end());
}

std::string CsvSheet::header() const {
    return csv_record(headers(columns_), layout_.separator);
}

std::string CsvSheet::record(const LogRow& row) {
    cells_.clear();
    for (const CsvColumn& column : columns_) cells_.push_back(column.text(row));
    return csv_record(cells_, layout_.separator);
}

std::string CsvSheet::padding(std::size_t count) const {
    std::string text;
    for (std::size_t i = count; i < columns_.size(); ++i) text += layout_.separator + kCsvMissing;
    return text;
}

std::vector<std::string> CsvSheet::unknown(const LogRow& row) const {
    std::vector<std::string> names;
    if (!layout_.chosen) return names;
    for (const CsvColumn& column : columns_) {
        const bool alone = column.source() == CsvColumn::Source::batch_logs;
        const Logs& logs = alone ? row.batch_logs : row.logs;
        if (column.is_logged() && !column.key().starts_with("val_") && !logs.contains(column.key()))
            names.push_back(column.header());
    }
    return names;
}

}  // namespace lockstep
