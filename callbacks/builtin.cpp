#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <lockstep/callbacks/builtin.h>
#include <lockstep/callbacks/csv_logger.h>
#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/callbacks/progress_bar.h>
#include <lockstep/callbacks/run_logger.h>
#include <lockstep/train/registry.h>

#include "support/duration.h"

namespace lockstep {

namespace {

/// What a constructor finds wrong becomes an error of the place where the keys were written.
template <typename T>
std::unique_ptr<Callback> make(const Config& keys, typename T::Options options) {
    try {
        return std::make_unique<T>(std::move(options));
    } catch (const ConfigError& error) {
        keys.fail(error.what());
    }
}

double duration(const Config& keys, const char* key, double fallback) {
    const Config setting = keys.find(key);
    return setting.is_null() ? fallback : read_duration(setting);
}

const TypeHelp kCsvLoggerHelp{
    .summary = "one row per epoch in a CSV file",
    .keys = {{"path", "required", "the file, below the run directory; `filename` is the same"},
             {"separator", "\",\"", "what stands between two values"},
             {"append", "false", "continue the file if it exists"},
             {"index_base", "0", "number of the first epoch: 0 or 1"}}};

std::unique_ptr<Callback> make_csv_logger(const Config& keys) {
    const CsvLogger::Options defaults;
    const std::string path =
        keys.contains("filename") ? keys.get<std::string>("filename") : keys.get<std::string>("path");
    return make<CsvLogger>(keys, {.path = path,
                                  .separator = keys.get("separator", defaults.separator),
                                  .append = keys.get("append", defaults.append),
                                  .index_base = keys.get("index_base", defaults.index_base)});
}

const TypeHelp kModelCheckpointHelp{
    .summary = "writes a checkpoint after every epoch, or every so many batches",
    .keys = {{"path", "\"checkpoints/epoch-{epoch:04d}.h5\"",
              "file names with {epoch}, {step}, {batch} and keys of the logs"},
             {"save_freq", "\"epoch\"", "\"epoch\", or a number of batches"},
             {"keep", "all", "how many of the newest files stay; `max_to_keep` is the same"},
             {"weights_only", "false", "leave out what a resume needs; `save_weights_only` is the same"}}};

std::optional<std::int64_t> read_save_freq(const Config& setting) {
    if (setting.is_null()) return std::nullopt;
    if (setting.is_number()) return setting.as<std::int64_t>();
    if (setting.as<std::string>() != "epoch")
        setting.fail("expected \"epoch\" or a number of batches, got \"" + setting.as<std::string>() + "\"");
    return std::nullopt;
}

std::unique_ptr<Callback> make_model_checkpoint(const Config& keys) {
    const ModelCheckpoint::Options defaults;
    return make<ModelCheckpoint>(
        keys,
        {.path = keys.get("path", keys.get("filepath", defaults.path)),
         .save_freq = read_save_freq(keys.find("save_freq")),
         .keep = keys.get("keep", keys.get("max_to_keep", defaults.keep)),
         .weights_only = keys.get("weights_only", keys.get("save_weights_only", defaults.weights_only))});
}

const TypeHelp kProgressBarHelp{
    .summary = "shows on standard output how training gets on",
    .keys = {{"verbose", "\"auto\"", "0 silent, 1 bar, 2 one line per epoch, \"auto\" as [training] says"},
             {"progress_every", "\"60s\"", "time between lines where there is no terminal; 0: none"}}};

std::optional<int> read_verbose(const Config& setting) {
    if (setting.is_null() || (setting.is_string() && setting.as<std::string>() == "auto"))
        return std::nullopt;
    return setting.as<int>();
}

std::unique_ptr<Callback> make_progress_bar(const Config& keys) {
    const ProgressBar::Options defaults;
    return make<ProgressBar>(keys,
                             {.verbose = read_verbose(keys.find("verbose")),
                              .progress_every = duration(keys, "progress_every", defaults.progress_every)});
}

const TypeHelp kRunLoggerHelp{
    .summary = "keeps epochs, batches and timings of the run in one HDF5 file",
    .keys = {{"path", "\"run.h5\"", "the file, below the run directory"},
             {"flush", "\"2s\"", "time between writes"},
             {"batches", "true", "whether there is a row per batch"},
             {"gradient_norms", "false", "whether the norm of each weight's gradient is kept, per batch"}}};

std::unique_ptr<Callback> make_run_logger(const Config& keys) {
    const RunLogger::Options defaults;
    return make<RunLogger>(keys, {.path = keys.get("path", defaults.path.string()),
                                  .flush = duration(keys, "flush", defaults.flush),
                                  .batches = keys.get("batches", defaults.batches),
                                  .gradient_norms = keys.get("gradient_norms", defaults.gradient_norms)});
}

}  // namespace

void register_builtin_callbacks() {
    if (callback_registry().contains("csv_logger")) return;
    register_callback("csv_logger", make_csv_logger, kCsvLoggerHelp);
    register_callback("model_checkpoint", make_model_checkpoint, kModelCheckpointHelp);
    register_callback("progress_bar", make_progress_bar, kProgressBarHelp);
    register_callback("run_logger", make_run_logger, kRunLoggerHelp);
}

}  // namespace lockstep
