#include "json_format.h"

#include <fstream>
#include <string_view>
#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/core/local_time.h>
#include <lockstep/core/stopwatch.h>

#include "json_line.h"

namespace lockstep {

namespace {

/// What every line begins with.
JsonLine line_of(std::string_view event, double time, const std::string& run_id) {
    JsonLine line;
    line.text("event", event);
    line.text("time", iso_time(time));
    if (!run_id.empty()) line.text("run_id", run_id);
    line.integer("rank", 0);
    return line;
}

std::string_view name_of(LogRow::Event event) {
    switch (event) {
        case LogRow::Event::train_batch:
            return "train_batch";
        case LogRow::Event::val_batch:
            return "val_batch";
        default:
            return "epoch";
    }
}

}  // namespace

std::uint64_t JsonFormat::keep(const std::filesystem::path& file, const Config& state) {
    const int first = std::ifstream(file, std::ios::binary).peek();
    if (first != '{' && first != std::ifstream::traits_type::eof())
        throw DataError(file.string() +
                        ": expected JSON lines, which begin with {; move the file away, or leave out append "
                        "= true");
    return RowFormat::keep(file, state);
}

void JsonFormat::begin(io::AppendFile& file, const TrainingRun& run) {
    run_id_ = run.notes().get<std::string>("run_id", "");
    const RunParams& params = run.params();
    Config metrics = Config::array();
    for (const std::string& metric : params.metrics) metrics.push_back(metric);
    const Config shown = Config::table({{"epochs", params.epochs},
                                        {"initial_epoch", params.initial_epoch},
                                        {"steps", params.steps},
                                        {"batch_size", static_cast<std::int64_t>(params.batch_size)},
                                        {"samples", static_cast<std::int64_t>(params.samples)},
                                        {"metrics", metrics},
                                        {"has_validation", params.has_validation}});
    JsonLine line = line_of("train_begin", unix_time(), run_id_);
    line.integer("world_size", run.info().world_size);
    line.raw("params", shown.to_json());
    file.append(std::move(line).finish());
}

void JsonFormat::write(io::AppendFile& file, const LogRow& row) {
    const bool is_epoch = row.event == LogRow::Event::epoch;
    JsonLine line = line_of(name_of(row.event), row.time, run_id_);
    line.integer("epoch", row.epoch);
    if (!is_epoch) line.integer("batch", row.batch);
    line.integer("step", row.step);
    line.number("duration", row.duration);
    if (row.event != LogRow::Event::val_batch) line.number("learning_rate", row.learning_rate);
    for (const auto& [key, value] : row.logs.entries()) {
        line.number(key, value);
        if (!is_epoch && row.batch_logs.contains(key)) line.number("batch_" + key, row.batch_logs.at(key));
    }
    file.append(std::move(line).finish());
}

void JsonFormat::end(io::AppendFile& file, const std::string& status, const std::string& reason) {
    JsonLine line = line_of("train_end", unix_time(), run_id_);
    line.text("status", status);
    line.text("stop_reason", reason);
    file.append(std::move(line).finish());
}

}  // namespace lockstep
