#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string_view>
#include <utility>

#include <lockstep/callbacks/json_logger.h>
#include <lockstep/core/error.h>
#include <lockstep/core/stopwatch.h>
#include <lockstep/log/log.h>

#include "support/from_config.h"
#include "support/iso_time.h"
#include "support/json_line.h"

namespace lockstep {

namespace {

/// What every line begins with.
JsonLine line_of(std::string_view event, double time, const TrainingRun& run) {
    JsonLine line;
    line.text("event", event);
    line.text("time", iso_time(time));
    const Config run_id = run.notes().find("run_id");
    if (run_id.is_string()) line.text("run_id", run_id.as<std::string>());
    line.integer("rank", 0);
    return line;
}

/// The size of `file` up to its last line break within the first `limit` bytes.
std::uint64_t end_of_lines(std::ifstream& file, std::uint64_t limit) {
    file.seekg(0, std::ios::end);
    auto end = std::min(limit, static_cast<std::uint64_t>(file.tellg()));
    std::array<char, 4096> block{};
    while (end > 0) {
        const std::uint64_t begin = end - std::min<std::uint64_t>(end, block.size());
        file.seekg(static_cast<std::streamoff>(begin));
        file.read(block.data(), static_cast<std::streamsize>(end - begin));
        const std::size_t found = std::string_view(block.data(), end - begin).rfind('\n');
        if (found != std::string_view::npos) return begin + found + 1;
        end = begin;
    }
    return 0;
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

bool has(JsonLogger::Per per, JsonLogger::Per part) {
    return per == part || per == JsonLogger::Per::both;
}

}  // namespace

JsonLogger::JsonLogger(const Options& options)
    : TextLogger({.name = "json_logger",
                  .path = options.path,
                  .epochs = has(options.per, Per::epoch),
                  .batches = has(options.per, Per::batch),
                  .validation = options.validation,
                  .every = options.every,
                  .append = options.append,
                  .index_base = options.index_base,
                  .flush = options.flush}) {}

std::uint64_t JsonLogger::keep(const std::filesystem::path& file, const Config& state) {
    constexpr auto kAll = std::numeric_limits<std::size_t>::max();
    const std::size_t bytes = state.get<std::size_t>("bytes", kAll);
    std::ifstream stream(file, std::ios::binary);
    if (const int first = stream.peek(); first != '{' && first != std::ifstream::traits_type::eof())
        throw DataError(file.string() +
                        ": expected JSON lines, which begin with {; move the file away, or leave out append "
                        "= true");
    stream.clear();
    const std::uint64_t kept = end_of_lines(stream, bytes);
    if (bytes != kAll && kept < bytes)
        log::warning("{}: the last {} bytes before the checkpoint are missing", file.string(), bytes - kept);
    return kept;
}

void JsonLogger::begin() {
    const RunParams& params = run().params();
    Config metrics = Config::array();
    for (const std::string& metric : params.metrics) metrics.push_back(metric);
    const Config shown = Config::table({{"epochs", params.epochs},
                                        {"initial_epoch", params.initial_epoch},
                                        {"steps", params.steps},
                                        {"batch_size", static_cast<std::int64_t>(params.batch_size)},
                                        {"samples", static_cast<std::int64_t>(params.samples)},
                                        {"metrics", metrics},
                                        {"has_validation", params.has_validation}});
    JsonLine line = line_of("train_begin", unix_time(), run());
    line.integer("world_size", run().info().world_size);
    line.raw("params", shown.to_json());
    file().append(std::move(line).finish());
}

void JsonLogger::write(const LogRow& row) {
    const bool is_epoch = row.event == LogRow::Event::epoch;
    JsonLine line = line_of(name_of(row.event), row.time, run());
    line.integer("epoch", row.epoch);
    if (!is_epoch) line.integer("batch", row.batch);
    line.integer("step", row.step);
    line.number("duration", row.duration);
    if (row.event != LogRow::Event::val_batch) line.number("learning_rate", row.learning_rate);
    for (const auto& [key, value] : row.logs.entries()) {
        line.number(key, value);
        if (!is_epoch && row.batch_logs.contains(key)) line.number("batch_" + key, row.batch_logs.at(key));
    }
    file().append(std::move(line).finish());
}

void JsonLogger::end(const std::string& status, const std::string& reason) {
    JsonLine line = line_of("train_end", unix_time(), run());
    line.text("status", status);
    line.text("stop_reason", reason);
    file().append(std::move(line).finish());
}

namespace {

JsonLogger::Per read_per(const Config& setting) {
    const std::string per = setting.is_null() ? "epoch" : setting.as<std::string>();
    if (per == "epoch") return JsonLogger::Per::epoch;
    if (per == "batch") return JsonLogger::Per::batch;
    if (per == "both") return JsonLogger::Per::both;
    setting.fail("expected \"epoch\", \"batch\" or \"both\", got \"" + per + "\"");
}

}  // namespace

const TypeHelp& JsonLogger::help() {
    static const TypeHelp help{
        .summary = "one line of JSON per epoch or batch",
        .keys = {{"path", "required", "the file, below the run directory; `filename` is the same"},
                 {"per", "\"epoch\"", "what a line is about: \"epoch\", \"batch\" or \"both\""},
                 {"every", "1", "batches per line"},
                 {"append", "false", "continue the file if it exists"},
                 {"index_base", "0", "number of the first epoch, batch and step: 0 or 1"},
                 {"validation", "false", "whether the validation's batches have lines"},
                 {"flush", "\"2s\"", "time between writes"}}};
    return help;
}

std::unique_ptr<Callback> JsonLogger::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<JsonLogger>(
        keys, {.path = keys.get<std::string>(keys.contains("filename") ? "filename" : "path"),
               .per = read_per(keys.find("per")),
               .every = keys.get("every", defaults.every),
               .append = keys.get("append", defaults.append),
               .index_base = keys.get("index_base", defaults.index_base),
               .validation = keys.get("validation", defaults.validation),
               .flush = read_seconds(keys, "flush", defaults.flush)});
}

}  // namespace lockstep
