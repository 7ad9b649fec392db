#include "csv_format.h"

#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "csv_text.h"

namespace lockstep {

CsvFormat::CsvFormat(CsvSheet::Layout layout)
    : separator_(layout.separator), batches_(layout.batches), sheet_(std::move(layout)) {}

/// By rows, not by bytes: a column may have come after the checkpoint.
std::uint64_t CsvFormat::keep(const std::filesystem::path& file, const Config& state) {
    if (std::filesystem::file_size(file) == 0) return 0;
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    const std::size_t rows = state.get<std::size_t>("rows", kAll);
    const CsvExtent extent = measure_csv(file, separator_, rows);
    if (!sheet_.adopt(extent.header))
        throw DataError(
            fmt::format("{}: expected a header that begins with \"{}\", got \"{}\"; move the file "
                        "away, or leave out append = true",
                        file.string(), sheet_.given_header(), csv_record(extent.header, separator_)));
    if (rows != kAll && extent.rows < rows)
        log::warning("{}: the last {} rows before the checkpoint are missing", file.string(),
                     rows - extent.rows);
    rows_ = extent.rows;
    return extent.bytes;
}

/// The logs of an epoch are known beforehand: a reader sees the header at once, and values of a validation
/// that is not in each epoch need no new file.
void CsvFormat::begin(io::AppendFile& file, const TrainingRun& run) {
    const bool is_new = file.size() == 0;
    if (is_new) {
        sheet_.reset();
        rows_ = 0;
    }
    const std::size_t columns = sheet_.size();
    const RunParams& params = run.params();
    for (const std::string& key : params.metrics) sheet_.add(key);
    if (params.has_validation && !batches_)
        for (const std::string& key : params.metrics) sheet_.add("val_" + key);
    if (!is_new) return widen(file, columns);
    if (sheet_.is_complete()) file.append(sheet_.header() + '\n');
}

void CsvFormat::write(io::AppendFile& file, const LogRow& row) {
    const std::size_t columns = sheet_.size();
    for (const auto& [key, value] : row.logs.entries()) sheet_.add(key);
    if (file.size() == 0)
        file.append(sheet_.header() + '\n');
    else
        widen(file, columns);
    if (rows_ == 0) warn_of_unknown_columns(file.path(), row);
    file.append(sheet_.record(row) + '\n');
    ++rows_;
}

/// Replaces the file, which has so many columns, by one that has them all. If that fails, they are given up
/// until a row asks for them again.
void CsvFormat::widen(io::AppendFile& file, std::size_t columns) {
    if (sheet_.size() == columns) return;
    try {
        if (!file.flush()) throw IoError(file.path() + ": rows wait in memory");
        file.rewrite(padded_csv(file.path(), sheet_.header(), sheet_.padding(columns)));
    } catch (const IoError& error) {
        sheet_.drop_behind(columns);
        log::once("csv_logger " + file.path(), log::Level::warning,
                  fmt::format("csv_logger: new columns have to wait: {}", error.what()));
    }
}

void CsvFormat::warn_of_unknown_columns(const std::string& path, const LogRow& row) const {
    const std::vector<std::string> unknown = sheet_.unknown(row);
    if (!unknown.empty())
        log::warning("csv_logger: {}: no value yet for: {}; the logs have: {}", path,
                     fmt::join(unknown, ", "), fmt::join(row.logs.keys(), ", "));
}

}  // namespace lockstep
