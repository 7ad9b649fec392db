#include <cmath>

#include <lockstep/nn/losses/poisson.h>

#include "crossentropy.h"
#include "mean_over_features.h"

namespace lockstep {

double Poisson::sample_loss(std::span<const float> output, std::span<const float> target,
                            std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [](double value, double wanted) -> LossAndSlope {
        const double rate = value + crossentropy::kEpsilon;
        return {value - wanted * std::log(rate), 1.0 - wanted / rate};
    });
}

const TypeHelp& Poisson::help() {
    static const TypeHelp help{.summary = "mean of output - target * log(output); targets are counts",
                               .keys = {}};
    return help;
}

std::unique_ptr<Loss> Poisson::from_config(const Config& /*keys*/) {
    return std::make_unique<Poisson>();
}

}  // namespace lockstep
