#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <lockstep/callbacks/learning_rate_warmup.h>
#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "support/every.h"
#include "support/from_config.h"

namespace lockstep {

namespace {

void require_positive_number(const char* key, double value) {
    if (!std::isfinite(value) || value <= 0.0)
        throw ConfigError(fmt::format(
            "learning_rate_warmup: {0}: expected a number above 0, got {1}; for example {0} = 0.1", key,
            value));
}

std::variant<double, LearningRateWarmup::WorldSize> read_scale(const Config& setting) {
    if (setting.is_null()) return 1.0;
    if (setting.is_number()) return setting.as<double>();
    if (setting.as<std::string>() != "world_size")
        setting.fail("expected a number or \"world_size\", got \"" + setting.as<std::string>() + "\"");
    return LearningRateWarmup::WorldSize{};
}

}  // namespace

LearningRateWarmup::LearningRateWarmup(Options options) : options_(options) {
    require_verbose("learning_rate_warmup", options_.verbose);
    require_positive("learning_rate_warmup", "warmup_epochs", options_.warmup_epochs);
    require_positive_number("initial_learning_rate", options_.initial_learning_rate);
    if (const double* number = std::get_if<double>(&options_.scale))
        require_positive_number("scale", *number);
    if (options_.momentum_correction)
        throw ConfigError(
            "learning_rate_warmup: momentum_correction: expected false, got true: sgd's velocity is made of "
            "rate * gradient, as in Keras, so that each gradient keeps the rate of its own step while the "
            "rate climbs; to correct that, single steps would need another momentum, which no callback can "
            "set");
}

const TypeHelp& LearningRateWarmup::help() {
    static const TypeHelp help{
        .summary = "lets the learning rate climb in the first epochs, from 1/ranks of its target",
        .keys = {
            {"initial_learning_rate", "required", "the target, before `scale`; `initial_lr` is the same"},
            {"warmup_epochs", "5", "epochs until the target is reached"},
            {"scale", "1", "what the target is multiplied by; \"world_size\": the number of ranks"},
            {"momentum_correction", "false", "Horovod's; only false is possible"},
            {"verbose", "0", "1: say when the target is reached"}}};
    return help;
}

std::unique_ptr<Callback> LearningRateWarmup::from_config(const Config& keys) {
    const Options defaults;
    if (const Config steps = keys.find("steps_per_epoch"); !steps.is_null())
        steps.fail("the number of batches of an epoch is known; leave it out");
    const Config rate = keys.find("initial_lr");
    return construct_from<LearningRateWarmup>(
        keys, {.initial_learning_rate =
                   rate.is_null() ? keys.get<double>("initial_learning_rate") : rate.as<double>(),
               .warmup_epochs = keys.get("warmup_epochs", defaults.warmup_epochs),
               .scale = read_scale(keys.find("scale")),
               .momentum_correction = keys.get("momentum_correction", defaults.momentum_correction),
               .verbose = read_verbose(keys)});
}

double LearningRateWarmup::target() const {
    const double* number = std::get_if<double>(&options_.scale);
    return options_.initial_learning_rate * (number != nullptr ? *number : ranks_);
}

void LearningRateWarmup::on_train_begin(const Logs& /*logs*/) {
    const int before = std::exchange(ranks_, run().info().world_size);
    if (before != 0 && before != ranks_ && run().epoch() < options_.warmup_epochs)
        log::warning(
            "learning_rate_warmup: training was on {0} ranks and goes on on {1}; the rates of its "
            "warm-up follow the number of ranks, so that the results will not be those of {0} ranks",
            before, ranks_);
    if (ranks_ == 1)
        log::info("learning_rate_warmup: there is one rank, so the learning rate is {} from the start",
                  target());
}

void LearningRateWarmup::on_train_batch_begin(std::int64_t batch, const Logs& /*logs*/) {
    const int epoch = run().epoch();
    if (epoch >= options_.warmup_epochs) return;
    const double ranks = ranks_;
    const double epochs = epoch + static_cast<double>(batch + 1) / static_cast<double>(run().params().steps);
    run().set_learning_rate(target() * (1.0 + (ranks - 1.0) * (epochs / options_.warmup_epochs)) / ranks);
}

void LearningRateWarmup::on_epoch_end(int epoch, const Logs& /*logs*/) {
    if (options_.verbose > 0 && epoch == options_.warmup_epochs - 1)
        log::info("Epoch {}: finished gradual learning rate warmup to {:g}.", epoch + 1,
                  run().learning_rate());
}

Config LearningRateWarmup::state() const {
    return Config::table({{"world_size", ranks_}});
}

void LearningRateWarmup::restore(const Config& state) {
    ranks_ = state.get<int>("world_size");
}

}  // namespace lockstep
