#include <lockstep/nn/losses/mean_squared_error.h>

namespace lockstep {

double MeanSquaredError::sample_loss(std::span<const float> output, std::span<const float> target,
                                     std::span<float> gradient) const {
    const float slope = 2.0F / static_cast<float>(output.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const float error = output[i] - target[i];
        sum += static_cast<double>(error) * static_cast<double>(error);
        if (!gradient.empty()) gradient[i] = slope * error;
    }
    return sum / static_cast<double>(output.size());
}

const TypeHelp& MeanSquaredError::help() {
    static const TypeHelp help{.summary = "mean of (output - target)^2", .keys = {}};
    return help;
}

std::unique_ptr<Loss> MeanSquaredError::from_config(const Config& /*keys*/) {
    return std::make_unique<MeanSquaredError>();
}

}  // namespace lockstep
