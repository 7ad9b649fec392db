#include "csv_column.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/core/local_time.h>

namespace lockstep {

namespace {

using Source = CsvColumn::Source;

constexpr std::string_view kBatchPrefix = "batch_";

constexpr std::array<std::pair<std::string_view, Source>, 8> kNames{
    {{"epoch", Source::epoch},
     {"batch", Source::batch},
     {"step", Source::step},
     {"phase", Source::phase},
     {"time", Source::time},
     {"timestamp", Source::timestamp},
     {"duration", Source::duration},
     {"learning_rate", Source::learning_rate}}};

std::string usual_format(Source source) {
    if (source == Source::time) return ".3f";
    return source == Source::duration ? ".6f" : "";
}

/// Tries the format on a row, so that a slip is not found after hours of training.
void try_format(const CsvColumn& column, const std::string& format) {
    Logs logs;
    logs.set(column.key(), 1.0);
    try {
        column.text({.event = LogRow::Event::train_batch,
                     .epoch = 1,
                     .batch = 1,
                     .step = 1,
                     .time = 1.0,
                     .duration = 1.0,
                     .learning_rate = 1.0,
                     .logs = logs,
                     .batch_logs = logs});
    } catch (const fmt::format_error& error) {
        throw ConfigError(
            fmt::format("csv_logger: columns: format \"{}\" does not fit the values of {}: {}; "
                        "for example format = \".4f\"",
                        format, column.key(), error.what()));
    }
}

}  // namespace

CsvColumn::CsvColumn(Source source, std::string key, std::string header, const std::string& format)
    : source_(source), key_(std::move(key)), header_(std::move(header)), format_(format) {
    if (source_ == Source::timestamp) return;
    format_ = fmt::format("{{:{}}}", format.empty() ? usual_format(source) : format);
    try_format(*this, format);
}

std::string CsvColumn::text(const LogRow& row) const {
    const auto formatted = [this](auto value) { return fmt::format(fmt::runtime(format_), value); };
    const bool trains = row.event != LogRow::Event::val_batch;
    switch (source_) {
        case Source::epoch:
            return formatted(row.epoch);
        case Source::batch:
            return formatted(row.batch);
        case Source::step:
            return formatted(row.step);
        case Source::phase:
            return formatted(trains ? "train" : "validation");
        case Source::time:
            return formatted(row.time);
        case Source::timestamp:
            return format_.empty() ? iso_time(row.time) : format_time(row.time, format_);
        case Source::duration:
            return formatted(row.duration);
        case Source::learning_rate:
            return trains ? formatted(row.learning_rate) : kCsvMissing;
        case Source::logs:
            return logged(row.logs);
        case Source::batch_logs:
            return logged(row.batch_logs);
    }
    return kCsvMissing;
}

std::string CsvColumn::logged(const Logs& logs) const {
    return logs.contains(key_) ? fmt::format(fmt::runtime(format_), logs.at(key_)) : kCsvMissing;
}

CsvColumn named_column(const std::string& key, const std::string& header, const std::string& format,
                       bool batches) {
    const auto* const name =
        std::ranges::find(kNames, key, [](const auto& pair) -> std::string_view { return pair.first; });
    if (name == kNames.end()) return log_column(key, header, format, batches);
    if (!batches && (key == "batch" || key == "phase"))
        throw ConfigError(fmt::format(
            "csv_logger: columns: a file with rows per epoch has no {}; set per = \"batch\"", key));
    return {name->second, key, header.empty() ? key : header, format};
}

CsvColumn log_column(const std::string& key, const std::string& header, const std::string& format,
                     bool batches) {
    const std::string& shown = header.empty() ? key : header;
    if (batches && key.starts_with(kBatchPrefix))
        return {Source::batch_logs, key.substr(kBatchPrefix.size()), shown, format};
    return {Source::logs, key, shown, format};
}

}  // namespace lockstep
