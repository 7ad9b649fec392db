#include <cmath>

#include <lockstep/nn/losses/mean_absolute_error.h>

namespace lockstep {

double MeanAbsoluteError::sample_loss(std::span<const float> output, std::span<const float> target,
                                      std::span<float> gradient) const {
    const float slope = 1.0F / static_cast<float>(output.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const float error = output[i] - target[i];
        sum += static_cast<double>(std::abs(error));
        if (!gradient.empty()) gradient[i] = error > 0.0F ? slope : error < 0.0F ? -slope : 0.0F;
    }
    return sum / static_cast<double>(output.size());
}

const TypeHelp& MeanAbsoluteError::help() {
    static const TypeHelp help{.summary = "mean of |output - target|", .keys = {}};
    return help;
}

std::unique_ptr<Loss> MeanAbsoluteError::from_config(const Config& /*keys*/) {
    return std::make_unique<MeanAbsoluteError>();
}

}  // namespace lockstep
