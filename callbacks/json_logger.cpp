#include <lockstep/callbacks/json_logger.h>

#include "support/from_config.h"
#include "support/json_format.h"

namespace lockstep {

namespace {

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
                  .flush = options.flush},
                 std::make_unique<JsonFormat>()) {}

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
