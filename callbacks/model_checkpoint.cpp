#include <cmath>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/model_checkpoint.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/kept_files.h"
#include "support/monitor.h"
#include "support/path_template.h"
#include "support/save_schedule.h"

namespace lockstep {

namespace {

/// A key that has two names, of which one may be given.
template <typename T>
T get_either(const Config& keys, const char* name, const char* other, T fallback) {
    const Config here = keys.find(name), there = keys.find(other);
    if (!here.is_null() && !there.is_null())
        there.fail(fmt::format("{} is the same key; give one of the two", name));
    return keys.get(name, keys.get(other, std::move(fallback)));
}

void refuse_background(const Config& keys) {
    if (keys.get("save_on_background", false))
        keys.find("save_on_background")
            .fail(
                "training waits until a checkpoint is complete, because weights change in place; leave it "
                "out, or save less often");
}

}  // namespace

struct ModelCheckpoint::Rules {
    PathTemplate names;
    SaveSchedule schedule;
    std::optional<Monitor> monitor;  // with save_best_only
    KeptFiles files;                 // asked for and not removed; as named by the template

    explicit Rules(const Options& options)
        : names(options.path), schedule(options.save_freq, "model_checkpoint"), files(options.max_to_keep) {
        if (options.save_best_only) monitor.emplace(options.monitor, options.mode, 0.0, "model_checkpoint");
    }
};

ModelCheckpoint::ModelCheckpoint(Options options)
    : options_(std::move(options)),
      rules_(std::make_unique<Rules>(options_)),
      best_(options_.initial_value_threshold) {
    require_verbose("model_checkpoint", options_.verbose);
    if (!options_.path.ends_with(".h5"))
        throw ConfigError("model_checkpoint: path: expected a name that ends in .h5, got \"" + options_.path +
                          "\"");
    if (best_ && (!options_.save_best_only || std::isnan(*best_)))
        throw ConfigError(
            fmt::format("model_checkpoint: initial_value_threshold: expected a number, together with "
                        "save_best_only = true, got {}",
                        *best_));
    for (const std::string& key : monitored())
        if (rules_->schedule.is_for_batches_only() && key.starts_with("val_"))
            throw ConfigError(fmt::format(
                "model_checkpoint: save_freq: \"{}\" is known at ends of epochs only, not of batches; for "
                "example save_freq = \"epoch\"",
                key));
}

ModelCheckpoint::~ModelCheckpoint() = default;

std::vector<std::string> ModelCheckpoint::monitored() const {
    std::vector<std::string> keys = rules_->names.log_keys();
    if (rules_->monitor) keys.push_back(rules_->monitor->key());
    return keys;
}

void ModelCheckpoint::on_train_begin(const Logs& /*logs*/) {
    const bool is_directory_known =
        std::filesystem::path(options_.path).parent_path().string().find('{') == std::string::npos;
    if (is_directory_known) run().claim_output(options_.path);
    if (!std::exchange(resumed_, false)) {
        rules_->files.set_names({});
        rules_->schedule.restart();
    }
    has_warned_ = false;
}

void ModelCheckpoint::on_train_batch_begin(std::int64_t /*batch*/, const Logs& /*logs*/) {
    remove_old_files();
}

void ModelCheckpoint::on_train_batch_end(std::int64_t batch, const Logs& logs) {
    step_ = run().step();
    batch_ = batch;
    if (rules_->schedule.is_due_after_batch(step_)) save(run().epoch(), batch, logs);
}

void ModelCheckpoint::on_epoch_end(int epoch, const Logs& logs) {
    if (rules_->schedule.is_due_after_epoch(epoch)) save(epoch, batch_, logs);
}

void ModelCheckpoint::on_train_end(const Logs& /*logs*/) {
    remove_old_files();
}

void ModelCheckpoint::save(int epoch, std::int64_t batch, const Logs& logs) {
    for (const std::string& key : monitored())
        if (!logs.contains(key)) return;
    if (!is_loss_finite(logs)) {
        if (!std::exchange(has_warned_, true))
            log::warning("model_checkpoint: the loss is {}: weights are not saved while it is not finite",
                         logs.at("loss"));
        return;
    }
    if (!options_.save_best_only || is_best(logs))
        request(rules_->names.render({.epoch = epoch, .step = step_, .batch = batch}, logs));
}

bool ModelCheckpoint::is_best(const Logs& logs) {
    const double value = logs.at(options_.monitor);
    const double before = best_.value_or(rules_->monitor->worst());
    const bool is_better = rules_->monitor->is_better(value, before);
    if (options_.verbose > 0)
        log::info("model_checkpoint: {} is {:.5g}, {} {:.5g}", options_.monitor, value,
                  is_better ? "better than" : "not better than", before);
    if (is_better) best_ = value;
    return is_better;
}

void ModelCheckpoint::request(const std::string& name) {
    if (options_.verbose > 0) log::info("model_checkpoint: writing {}", name);
    rules_->files.add(name);
    rules_->schedule.restart();
    run().request_checkpoint({.path = name, .weights_only = options_.save_weights_only});
}

/// The trainer writes a file after the hook that asked for it.
void ModelCheckpoint::remove_old_files() {
    rules_->files.remove_old(run().directory());
}

Config ModelCheckpoint::state() const {
    Config files = Config::array();
    for (const std::string& name : rules_->files.names()) files.push_back(name);
    return Config::table({{"best", best_ ? Config(*best_) : Config()},
                          {"files", files},
                          {"step", step_},
                          {"batch", batch_},
                          {"seconds_since_save", rules_->schedule.seconds()}});
}

void ModelCheckpoint::restore(const Config& state) {
    if (const auto best = state.get_optional<double>("best")) best_ = best;
    rules_->files.set_names(state.get<std::vector<std::string>>("files"));
    step_ = state.get<std::int64_t>("step");
    batch_ = state.get<std::int64_t>("batch");
    rules_->schedule.resume(state.get<double>("seconds_since_save"));
    resumed_ = true;
}

const TypeHelp& ModelCheckpoint::help() {
    static const TypeHelp help{
        .summary = "writes checkpoints: after epochs, batches or a time; all, or the best",
        .keys = {
            {"path", "\"checkpoints/epoch-{epoch:04d}.h5\"",
             "file names with {epoch}, {step}, {batch} and keys of the logs; `filepath` is the same"},
            {"monitor", "\"val_loss\"", "the key that save_best_only looks at"},
            {"verbose", "0", "1: a line for each checkpoint"},
            {"save_best_only", "false", "only when the monitored key is better than ever before"},
            {"save_weights_only", "false", "leave out what a resume needs; `weights_only` is the same"},
            {"mode", "\"auto\"", "\"min\" or \"max\": what is better; \"auto\": what the key asks for"},
            {"save_freq", "\"epoch\"", "\"epoch\", a number of batches, \"5 epochs\" or a time: \"10m\""},
            {"max_to_keep", "all", "how many of the newest files stay; `keep` is the same"},
            {"initial_value_threshold", "none", "what the first one must be better than"}}};
    return help;
}

std::unique_ptr<Callback> ModelCheckpoint::from_config(const Config& keys) {
    const Options defaults;
    refuse_background(keys);
    return construct_from<ModelCheckpoint>(
        keys, {.path = get_either(keys, "path", "filepath", defaults.path),
               .monitor = keys.get("monitor", defaults.monitor),
               .verbose = read_verbose(keys),
               .save_best_only = keys.get("save_best_only", defaults.save_best_only),
               .save_weights_only =
                   get_either(keys, "save_weights_only", "weights_only", defaults.save_weights_only),
               .mode = keys.get("mode", defaults.mode),
               .save_freq = read_save_freq(keys, defaults.save_freq),
               .max_to_keep = get_either(keys, "max_to_keep", "keep", defaults.max_to_keep),
               .initial_value_threshold = keys.get_optional<double>("initial_value_threshold")});
}

}  // namespace lockstep
