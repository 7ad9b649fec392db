#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/core/error.h>

#include "support/csv_format.h"
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
    if (batches && options.validation) add({.key = "phase"});
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

std::unique_ptr<RowFormat> make_format(const CsvLogger::Options& options) {
    check(options);
    return std::make_unique<CsvFormat>(CsvSheet::Layout{.given = given_columns(options),
                                                        .chosen = !options.columns.empty(),
                                                        .batches = has_batches(options),
                                                        .separator = options.separator});
}

}  // namespace

CsvLogger::CsvLogger(const Options& options)
    : TextLogger({.name = "csv_logger",
                  .path = options.path,
                  .epochs = !has_batches(options),
                  .batches = has_batches(options),
                  .validation = options.validation,
                  .every = options.every,
                  .append = options.append,
                  .index_base = options.index_base,
                  .flush = options.flush},
                 make_format(options)) {}

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
