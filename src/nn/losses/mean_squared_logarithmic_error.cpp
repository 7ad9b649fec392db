#include <algorithm>
#include <cmath>

#include <lockstep/nn/losses/mean_squared_logarithmic_error.h>

#include "crossentropy.h"
#include "mean_over_features.h"

namespace lockstep {

namespace {

// Written so that NaN stays NaN.
double at_least_epsilon(double value) {
    return value < crossentropy::kEpsilon ? crossentropy::kEpsilon : value;
}

}  // namespace

double MeanSquaredLogarithmicError::sample_loss(std::span<const float> output, std::span<const float> target,
                                                std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [](double value, double wanted) -> LossAndSlope {
        const double error = std::log1p(at_least_epsilon(value)) - std::log1p(at_least_epsilon(wanted));
        const bool passes = !(value < crossentropy::kEpsilon);
        return {error * error, passes ? 2.0 * error / (value + 1.0) : 0.0};
    });
}

const TypeHelp& MeanSquaredLogarithmicError::help() {
    static const TypeHelp help{.summary = "mean of (log(output + 1) - log(target + 1))^2", .keys = {}};
    return help;
}

std::unique_ptr<Loss> MeanSquaredLogarithmicError::from_config(const Config& /*keys*/) {
    return std::make_unique<MeanSquaredLogarithmicError>();
}

}  // namespace lockstep
