#include <cmath>
#include <numbers>

#include <lockstep/nn/losses/log_cosh.h>

#include "mean_over_features.h"

namespace lockstep {

double LogCosh::sample_loss(std::span<const float> output, std::span<const float> target,
                            std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [](double value, double wanted) -> LossAndSlope {
        const double error = value - wanted, size = std::abs(error);
        return {size + std::log1p(std::exp(-2.0 * size)) - std::numbers::ln2, std::tanh(error)};
    });
}

const TypeHelp& LogCosh::help() {
    static const TypeHelp help{.summary = "mean of log(cosh(output - target))", .keys = {}};
    return help;
}

std::unique_ptr<Loss> LogCosh::from_config(const Config& /*keys*/) {
    return std::make_unique<LogCosh>();
}

}  // namespace lockstep
