#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/csv_sheet.h"
#include "support/csv_text.h"
#include "support/from_config.h"

namespace lockstep {

namespace {

bool has_batches(const CsvLogger::Options& options) {
    return options.per == CsvLogger::Per::batch;
}

std::vector<CsvColumn> given_columns(const CsvLogger::Options& options) {
    const bool batches = has_batches(options);
    std::vector<CsvColumn> columns;
    const auto add = [&](const CsvLogger::Column& column) {
        columns.push_back(named_column(column.key, column.header, column.format, batches));
    };
    std::ranges::for_each(options.columns, add);
    if (!columns.empty()) return columns;
    add({.key = "epoch"});
    if (batches) add({.key = "batch"});
    if (batches) add({.key = "step"});
    if (options.validation) add({.key = "phase"});
    if (options.timestamp) add({.key = "timestamp"});
    if (options.learning_rate) add({.key = "learning_rate"});
    return columns;
}

void check(const CsvLogger::Options& options) {
    if (options.separator.empty() || options.separator.find_first_of("\"\r\n") != std::string::npos)
        throw ConfigError("csv_logger: separator: expected text without quotes and line breaks, got \"" +
                          options.separator + "\"; for example separator = \",\"");
    for (const CsvLogger::Column& column : options.columns)
        if (column.key.empty())
            throw ConfigError("csv_logger: columns: a key is empty; for example key = \"loss\"");
    if (!options.columns.empty() && (options.timestamp || options.learning_rate))
        throw ConfigError(
            fmt::format("csv_logger: columns already says which columns there are; add {0} to it "
                        "and leave out {0} = true",
                        options.timestamp ? "timestamp" : "learning_rate"));
}

}  // namespace

CsvLogger::CsvLogger(Options options)
    : TextLogger({.name = "csv_logger",
                  .path = options.path,
                  .epochs = !has_batches(options),
                  .batches = has_batches(options),
                  .validation = options.validation,
                  .every = options.every,
                  .append = options.append,
                  .index_base = options.index_base,
                  .flush = options.flush}),
      options_(std::move(options)) {
    check(options_);
    sheet_ = std::make_unique<CsvSheet>(CsvSheet::Layout{.given = given_columns(options_),
                                                         .chosen = !options_.columns.empty(),
                                                         .batches = has_batches(options_),
                                                         .separator = options_.separator});
}

CsvLogger::~CsvLogger() = default;

/// By rows, not by bytes: a column may have come after the checkpoint.
std::uint64_t CsvLogger::keep(const std::filesystem::path& file, const Config& state) {
    if (std::filesystem::file_size(file) == 0) return 0;
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    const std::size_t rows = state.get<std::size_t>("rows", kAll);
    const CsvExtent extent = measure_csv(file, options_.separator, rows);
    if (!sheet_->adopt(extent.header))
        throw DataError(fmt::format(
            "{}: expected a header that begins with \"{}\", got \"{}\"; move the file "
            "away, or leave out append = true",
            file.string(), sheet_->given_header(), csv_record(extent.header, options_.separator)));
    if (rows != kAll && extent.rows < rows)
        log::warning("{}: the last {} rows before the checkpoint are missing", file.string(),
                     rows - extent.rows);
    rows_ = extent.rows;
    return extent.bytes;
}

/// The logs of an epoch are known beforehand: a reader sees the header at once, and values of a validation
/// that is not in each epoch need no new file.
void CsvLogger::begin() {
    const bool is_new = file().size() == 0;
    if (is_new) {
        sheet_->reset();
        rows_ = 0;
    }
    const std::size_t columns = sheet_->size();
    const RunParams& params = run().params();
    for (const std::string& key : params.metrics) sheet_->add(key);
    if (params.has_validation && !has_batches(options_))
        for (const std::string& key : params.metrics) sheet_->add("val_" + key);
    if (!is_new) return widen(columns);
    if (sheet_->is_complete()) file().append(sheet_->header() + '\n');
}

void CsvLogger::write(const LogRow& row) {
    const std::size_t columns = sheet_->size();
    for (const auto& [key, value] : row.logs.entries()) sheet_->add(key);
    if (file().size() == 0)
        file().append(sheet_->header() + '\n');
    else
        widen(columns);
    if (rows_ == 0) warn_of_unknown_columns(row);
    file().append(sheet_->record(row) + '\n');
    ++rows_;
}

/// Replaces the file, which has so many columns, by one that has them all. If that fails, they are given up
/// until a row asks for them again.
void CsvLogger::widen(std::size_t columns) {
    if (sheet_->size() == columns) return;
    try {
        if (!file().flush()) throw IoError(file().path() + ": rows wait in memory");
        file().rewrite(padded_csv(file().path(), sheet_->header(), sheet_->padding(columns)));
    } catch (const IoError& error) {
        sheet_->drop_behind(columns);
        log::once("csv_logger " + file().path(), log::Level::warning,
                  fmt::format("csv_logger: new columns have to wait: {}", error.what()));
    }
}

void CsvLogger::warn_of_unknown_columns(const LogRow& row) {
    const std::vector<std::string> unknown = sheet_->unknown(row);
    if (!unknown.empty())
        log::warning("csv_logger: {}: no value yet for: {}; the logs have: {}", file().path(),
                     fmt::join(unknown, ", "), fmt::join(row.logs.keys(), ", "));
}

Config CsvLogger::state() const {
    Config state = TextLogger::state();
    if (!state.is_null()) state.set("rows", rows_);
    return state;
}

namespace {

CsvLogger::Per read_per(const Config& setting) {
    const std::string per = setting.is_null() ? "epoch" : setting.as<std::string>();
    if (per == "epoch") return CsvLogger::Per::epoch;
    if (per == "batch") return CsvLogger::Per::batch;
    setting.fail("expected \"epoch\" or \"batch\", got \"" + per + "\"");
}

CsvLogger::Column read_column(const Config& setting) {
    if (setting.is_string()) return {.key = setting.as<std::string>()};
    CsvLogger::Column column{.key = setting.get<std::string>("key"),
                             .header = setting.get<std::string>("header", ""),
                             .format = setting.get<std::string>("format", "")};
    setting.reject_unknown_keys();
    return column;
}

std::vector<CsvLogger::Column> read_columns(const Config& setting) {
    std::vector<CsvLogger::Column> columns;
    if (setting.is_null()) return columns;
    if (!setting.is_array())
        setting.fail(
            "expected a list, for example columns = [\"epoch\", {key = \"loss\", format = \".4f\"}]");
    for (std::size_t i = 0; i < setting.size(); ++i) columns.push_back(read_column(setting[i]));
    return columns;
}

}  // namespace

const TypeHelp& CsvLogger::help() {
    static const TypeHelp help{
        .summary = "one row per epoch or batch in a CSV file",
        .keys = {
            {"path", "required", "the file, below the run directory; `filename` is the same"},
            {"separator", "\",\"", "what stands between two values"},
            {"append", "false", "continue the file if it exists"},
            {"index_base", "0", "number of the first epoch, batch and step: 0 or 1"},
            {"per", "\"epoch\"", "what a row is about: \"epoch\" or \"batch\""},
            {"every", "1", "batches per row"},
            {"timestamp", "false", "whether there is a column with the local time, ISO 8601 with offset"},
            {"learning_rate", "false", "whether there is a column with the rate that the step used"},
            {"validation", "false",
             "whether the validation's batches have rows; the column phase tells them"},
            {"columns", "[]", "these alone, in this order: keys, or tables of key, header, format (\".4f\")"},
            {"flush", "\"2s\"", "time between writes"}}};
    return help;
}

std::unique_ptr<Callback> CsvLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<CsvLogger>(
        keys, {.path = keys.get<std::string>(keys.contains("filename") ? "filename" : "path"),
               .separator = keys.get("separator", defaults.separator),
               .append = keys.get("append", defaults.append),
               .index_base = keys.get("index_base", defaults.index_base),
               .per = read_per(keys.find("per")),
               .every = keys.get("every", defaults.every),
               .timestamp = keys.get("timestamp", defaults.timestamp),
               .learning_rate = keys.get("learning_rate", defaults.learning_rate),
               .validation = keys.get("validation", defaults.validation),
               .columns = read_columns(keys.find("columns")),
               .flush = read_seconds(keys, "flush", defaults.flush)});
}

}  // namespace lockstep
