#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/losses/huber.h>

#include "../option_check.h"
#include "mean_over_features.h"

namespace lockstep {

Huber::Huber(Options options) : options_(options) {
    check_option(options_.delta > 0.0, "delta", "a number > 0", options_.delta);
}

Config Huber::config() const {
    return Config::table({{"delta", options_.delta}});
}

double Huber::sample_loss(std::span<const float> output, std::span<const float> target,
                          std::span<float> gradient) const {
    const double delta = options_.delta;
    return mean_over_features(output, target, gradient, [=](double value, double wanted) -> LossAndSlope {
        const double error = value - wanted, size = std::abs(error);
        if (size > delta) return {delta * (size - 0.5 * delta), std::copysign(delta, error)};
        return {0.5 * error * error, error};
    });
}

const TypeHelp& Huber::help() {
    static const TypeHelp help{
        .summary = "mean of e^2 / 2 where |e| <= delta, else delta * (|e| - delta / 2); e = output - target",
        .keys = {{"delta", "1.0", "up to where the loss is a square, > 0"}}};
    return help;
}

std::unique_ptr<Loss> Huber::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Huber>(keys, {.delta = keys.get("delta", defaults.delta)});
}

}  // namespace lockstep
