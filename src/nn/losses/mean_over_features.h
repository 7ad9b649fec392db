#pragma once

#include <cstddef>
#include <span>

namespace lockstep {

struct LossAndSlope {
    double loss;
    double slope;  // d loss / d output
};

/// The mean of function(output, target), a LossAndSlope, over the features of a sample; unless `gradient` is
/// empty, its derivatives go there.
template <typename Function>
double mean_over_features(std::span<const float> output, std::span<const float> target,
                          std::span<float> gradient, Function function) {
    const auto features = static_cast<double>(output.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const auto [loss, slope] = function(static_cast<double>(output[i]), static_cast<double>(target[i]));
        sum += loss;
        if (!gradient.empty()) gradient[i] = static_cast<float>(slope / features);
    }
    return sum / features;
}

}  // namespace lockstep
