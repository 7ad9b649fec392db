#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/early_stopping.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/monitor.h"

namespace lockstep {

EarlyStopping::EarlyStopping(Options options)
    : options_(std::move(options)),
      monitor_(
          std::make_unique<Monitor>(options_.monitor, options_.mode, options_.min_delta, "early_stopping")),
      best_(monitor_->worst()) {
    require_verbose("early_stopping", options_.verbose);
    if (options_.patience < 0)
        throw ConfigError(fmt::format(
            "early_stopping: patience: expected 0 or more epochs, got {}; for example patience = 3",
            options_.patience));
    if (options_.start_from_epoch < 0)
        throw ConfigError(fmt::format(
            "early_stopping: start_from_epoch: expected 0 or more, got {}; for example start_from_epoch = 5",
            options_.start_from_epoch));
    if (options_.baseline && !std::isfinite(*options_.baseline))
        throw ConfigError(fmt::format(
            "early_stopping: baseline: expected a finite number, got {}; for example baseline = 0.5",
            *options_.baseline));
}

EarlyStopping::~EarlyStopping() = default;

const TypeHelp& EarlyStopping::help() {
    static const TypeHelp help{
        .summary = "stops when a key of the logs has stopped improving",
        .keys = {{"monitor", "\"val_loss\"", "the key"},
                 {"min_delta", "0", "only a change of more than this is an improvement"},
                 {"patience", "0", "epochs without improvement after which training stops"},
                 {"verbose", "0", "1: say when it stops and what it puts back"},
                 {"mode", "\"auto\"", "\"min\" or \"max\": what is better; \"auto\": by the name of the key"},
                 {"baseline", "none", "what the key must get better than"},
                 {"restore_best_weights", "false", "put back the best weights when training ends"},
                 {"start_from_epoch", "0", "epochs before this one, from 0, do not count"}}};
    return help;
}

std::unique_ptr<Callback> EarlyStopping::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<EarlyStopping>(
        keys, {.monitor = keys.get("monitor", defaults.monitor),
               .min_delta = keys.get("min_delta", defaults.min_delta),
               .patience = keys.get("patience", defaults.patience),
               .verbose = read_verbose(keys),
               .mode = keys.get("mode", defaults.mode),
               .baseline = keys.get_optional<double>("baseline"),
               .restore_best_weights = keys.get("restore_best_weights", defaults.restore_best_weights),
               .start_from_epoch = keys.get("start_from_epoch", defaults.start_from_epoch)});
}

std::vector<std::string> EarlyStopping::monitored() const {
    return {options_.monitor};
}

void EarlyStopping::on_train_begin(const Logs& /*logs*/) {
    if (std::exchange(resumed_, false)) return;
    best_ = monitor_->worst();
    best_epoch_ = wait_ = stopped_epoch_ = 0;
    best_weights_.clear();
}

void EarlyStopping::on_epoch_end(int epoch, const Logs& logs) {
    if (!logs.contains(options_.monitor) || epoch < options_.start_from_epoch) return;
    const double value = logs.at(options_.monitor);
    if (options_.restore_best_weights && best_weights_.empty()) keep(epoch);
    ++wait_;
    if (monitor_->is_better(value, best_)) {
        best_ = value;
        keep(epoch);
        if (!options_.baseline || monitor_->is_better(value, *options_.baseline)) wait_ = 0;
    } else if (wait_ >= options_.patience && epoch > 0) {
        stop(epoch);
    }
}

void EarlyStopping::keep(int epoch) {
    best_epoch_ = epoch;
    if (options_.restore_best_weights) best_weights_ = run().get_weights();
}

void EarlyStopping::stop(int epoch) {
    stopped_epoch_ = epoch;
    run().stop_training(
        fmt::format("early stopping after epoch {}: {} epochs without improvement of {}; the "
                    "best was {} in epoch {}",
                    epoch + 1, wait_, options_.monitor, best_, best_epoch_ + 1));
}

void EarlyStopping::on_train_end(const Logs& /*logs*/) {
    const bool talks = options_.verbose > 0;
    if (talks && stopped_epoch_ > 0) log::info("Epoch {}: early stopping", stopped_epoch_ + 1);
    if (best_weights_.empty()) return;
    if (talks) log::info("Restoring model weights from the end of the best epoch: {}.", best_epoch_ + 1);
    run().set_weights(best_weights_);
}

Config EarlyStopping::state() const {
    return Config::table(
        {{"best", best_}, {"best_epoch", best_epoch_}, {"wait", wait_}, {"stopped_epoch", stopped_epoch_}});
}

void EarlyStopping::restore(const Config& state) {
    best_ = state.get<double>("best");
    best_epoch_ = state.get<int>("best_epoch");
    wait_ = state.get<int>("wait");
    stopped_epoch_ = state.get<int>("stopped_epoch");
    best_weights_.clear();
    resumed_ = true;
}

std::map<std::string, std::vector<float>> EarlyStopping::kept_weights() const {
    if (best_weights_.empty()) return {};
    return {{"best", best_weights_}};
}

void EarlyStopping::restore_kept_weights(const std::map<std::string, std::vector<float>>& weights) {
    if (const auto best = weights.find("best"); best != weights.end()) best_weights_ = best->second;
}

}  // namespace lockstep
