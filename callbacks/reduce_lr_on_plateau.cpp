#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/reduce_lr_on_plateau.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"
#include "support/monitor.h"

namespace lockstep {

namespace {

void require_not_negative(const char* key, int value) {
    if (value < 0)
        throw ConfigError(
            fmt::format("reduce_lr_on_plateau: {0}: expected 0 or more epochs, got {1}; for "
                        "example {0} = 2",
                        key, value));
}

}  // namespace

ReduceLROnPlateau::ReduceLROnPlateau(Options options)
    : options_(std::move(options)),
      monitor_(std::make_unique<Monitor>(options_.monitor, options_.mode, options_.min_delta,
                                         "reduce_lr_on_plateau")),
      best_(monitor_->worst()) {
    require_verbose("reduce_lr_on_plateau", options_.verbose);
    require_not_negative("patience", options_.patience);
    require_not_negative("cooldown", options_.cooldown);
    if (!(options_.factor >= 0.0 && options_.factor < 1.0))
        throw ConfigError(fmt::format(
            "reduce_lr_on_plateau: factor: expected a number of at least 0 and below 1, got {}; for example "
            "factor = 0.1",
            options_.factor));
    if (!std::isfinite(options_.min_lr) || options_.min_lr < 0.0)
        throw ConfigError(fmt::format(
            "reduce_lr_on_plateau: min_lr: expected a number >= 0, got {}; for example min_lr = 1e-6",
            options_.min_lr));
}

ReduceLROnPlateau::~ReduceLROnPlateau() = default;

const TypeHelp& ReduceLROnPlateau::help() {
    static const TypeHelp help{
        .summary = "lowers the learning rate when a key of the logs has stopped improving",
        .keys = {{"monitor", "\"val_loss\"", "the key"},
                 {"factor", "0.1", "what the rate is multiplied by; below 1"},
                 {"patience", "10", "epochs without improvement before a reduction"},
                 {"verbose", "0", "1: say when the rate is reduced"},
                 {"mode", "\"auto\"", "\"min\" or \"max\": what is better; \"auto\": by the name of the key"},
                 {"min_delta", "1e-4", "only a change of more than this is an improvement"},
                 {"cooldown", "0", "epochs after a reduction before the count begins again"},
                 {"min_lr", "0", "the rate is not reduced below this"}}};
    return help;
}

std::unique_ptr<Callback> ReduceLROnPlateau::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<ReduceLROnPlateau>(keys, {.monitor = keys.get("monitor", defaults.monitor),
                                                    .factor = keys.get("factor", defaults.factor),
                                                    .patience = keys.get("patience", defaults.patience),
                                                    .verbose = read_verbose(keys),
                                                    .mode = keys.get("mode", defaults.mode),
                                                    .min_delta = keys.get("min_delta", defaults.min_delta),
                                                    .cooldown = keys.get("cooldown", defaults.cooldown),
                                                    .min_lr = keys.get("min_lr", defaults.min_lr)});
}

std::vector<std::string> ReduceLROnPlateau::monitored() const {
    return {options_.monitor};
}

void ReduceLROnPlateau::on_train_begin(const Logs& /*logs*/) {
    if (std::exchange(resumed_, false)) return;
    best_ = monitor_->worst();
    wait_ = cooldown_counter_ = 0;
}

void ReduceLROnPlateau::on_epoch_end(int epoch, const Logs& logs) {
    if (!logs.contains(options_.monitor)) return;
    const double value = logs.at(options_.monitor);
    if (in_cooldown()) {
        --cooldown_counter_;
        wait_ = 0;
    }
    if (monitor_->is_better(value, best_)) {
        best_ = value;
        wait_ = 0;
    } else if (!in_cooldown() && ++wait_ >= options_.patience) {
        reduce(epoch);
    }
}

void ReduceLROnPlateau::reduce(int epoch) {
    const double before = run().learning_rate();
    if (before <= options_.min_lr) return;
    const double rate = std::max(before * options_.factor, options_.min_lr);
    run().set_learning_rate(rate);
    if (options_.verbose > 0)
        log::info("Epoch {}: ReduceLROnPlateau reducing learning rate to {}.", epoch + 1, rate);
    cooldown_counter_ = options_.cooldown;
    wait_ = 0;
}

Config ReduceLROnPlateau::state() const {
    return Config::table({{"best", best_}, {"wait", wait_}, {"cooldown_counter", cooldown_counter_}});
}

void ReduceLROnPlateau::restore(const Config& state) {
    best_ = state.get<double>("best");
    wait_ = state.get<int>("wait");
    cooldown_counter_ = state.get<int>("cooldown_counter");
    resumed_ = true;
}

}  // namespace lockstep
