#include <cmath>

#include <lockstep/nn/losses/kl_divergence.h>

#include "crossentropy.h"

namespace lockstep {

namespace {

// Written so that NaN stays NaN.
double clip(double probability) {
    if (probability < crossentropy::kEpsilon) return crossentropy::kEpsilon;
    return probability > 1.0 ? 1.0 : probability;
}

}  // namespace

Shape KlDivergence::target_shape(const Shape& output) const {
    crossentropy::check_classes(type(), output);
    return output;
}

double KlDivergence::sample_loss(std::span<const float> output, std::span<const float> target,
                                 std::span<float> gradient) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const auto value = static_cast<double>(output[i]);
        const double wanted = clip(static_cast<double>(target[i])), probability = clip(value);
        sum += wanted * std::log(wanted / probability);
        const bool passes = !(value < crossentropy::kEpsilon || value > 1.0);
        if (!gradient.empty()) gradient[i] = passes ? static_cast<float>(-wanted / probability) : 0.0F;
    }
    return sum;
}

const TypeHelp& KlDivergence::help() {
    static const TypeHelp help{.summary = "sum of target * log(target / output), both probabilities",
                               .keys = {}};
    return help;
}

std::unique_ptr<Loss> KlDivergence::from_config(const Config& /*keys*/) {
    return std::make_unique<KlDivergence>();
}

}  // namespace lockstep
