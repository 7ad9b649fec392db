#include <algorithm>
#include <cmath>

#include <lockstep/nn/losses/mean_absolute_percentage_error.h>

#include "crossentropy.h"
#include "mean_over_features.h"

namespace lockstep {

double MeanAbsolutePercentageError::sample_loss(std::span<const float> output, std::span<const float> target,
                                                std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [](double value, double wanted) -> LossAndSlope {
        const double error = value - wanted;
        const double percent = 100.0 / std::max(std::abs(wanted), crossentropy::kEpsilon);
        return {percent * std::abs(error), error == 0.0 ? 0.0 : std::copysign(percent, error)};
    });
}

const TypeHelp& MeanAbsolutePercentageError::help() {
    static const TypeHelp help{.summary = "mean of 100 * |output - target| / |target|", .keys = {}};
    return help;
}

std::unique_ptr<Loss> MeanAbsolutePercentageError::from_config(const Config& /*keys*/) {
    return std::make_unique<MeanAbsolutePercentageError>();
}

}  // namespace lockstep
