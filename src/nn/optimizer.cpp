#include <cmath>
#include <utility>

#include <lockstep/nn/optimizer.h>

#include "option_check.h"

namespace lockstep {
namespace {

void check_clip(const std::string& key, const std::optional<double>& limit) {
    if (limit) check_option(*limit > 0.0, key, "a number above 0", *limit);
}

void check_rate(const std::string& key, double rate) {
    check_option(rate >= 0.0 && std::isfinite(rate), key, "a number of at least 0", rate);
}

}  // namespace

Optimizer::Optimizer(LearningRate learning_rate, OptimizerOptions options)
    : learning_rate_(std::move(learning_rate)), options_(options) {
    if (schedule() == nullptr) check_rate("learning_rate", learning_rate_.at(0));
    if (options_.weight_decay) check_rate("weight_decay", *options_.weight_decay);
    check_clip("clipnorm", options_.clipnorm);
    check_clip("global_clipnorm", options_.global_clipnorm);
    check_clip("clipvalue", options_.clipvalue);
    const int clips = int{options_.clipnorm.has_value()} + int{options_.global_clipnorm.has_value()} +
                      int{options_.clipvalue.has_value()};
    check_option(clips <= 1, "clipnorm, global_clipnorm, clipvalue", "at most one of them", clips);
    const int steps = options_.gradient_accumulation_steps;
    check_option(steps >= 1, "gradient_accumulation_steps", "at least 1", steps);
    const double momentum = options_.ema_momentum;
    check_option(momentum >= 0.0 && momentum <= 1.0, "ema_momentum", "a number in [0, 1]", momentum);
    if (const auto frequency = options_.ema_overwrite_frequency)
        check_option(*frequency >= 1, "ema_overwrite_frequency", "at least 1", *frequency);
}

Config Optimizer::common_config() const {
    Config config = Config::table({{"learning_rate", learning_rate_.config()}});
    if (options_.weight_decay) config.set("weight_decay", *options_.weight_decay);
    if (options_.clipnorm) config.set("clipnorm", *options_.clipnorm);
    if (options_.global_clipnorm) config.set("global_clipnorm", *options_.global_clipnorm);
    if (options_.clipvalue) config.set("clipvalue", *options_.clipvalue);
    if (options_.gradient_accumulation_steps != 1)
        config.set("gradient_accumulation_steps", options_.gradient_accumulation_steps);
    if (!options_.use_ema) return config;
    config.set("use_ema", true);
    config.set("ema_momentum", options_.ema_momentum);
    if (options_.ema_overwrite_frequency)
        config.set("ema_overwrite_frequency", *options_.ema_overwrite_frequency);
    return config;
}

OptimizerOptions read_optimizer_options(const Config& config) {
    return {.weight_decay = config.get_optional<double>("weight_decay"),
            .clipnorm = config.get_optional<double>("clipnorm"),
            .global_clipnorm = config.get_optional<double>("global_clipnorm"),
            .clipvalue = config.get_optional<double>("clipvalue"),
            .gradient_accumulation_steps = config.get("gradient_accumulation_steps", 1),
            .use_ema = config.get("use_ema", false),
            .ema_momentum = config.get("ema_momentum", 0.99),
            .ema_overwrite_frequency = config.get_optional<std::int64_t>("ema_overwrite_frequency")};
}

}  // namespace lockstep
