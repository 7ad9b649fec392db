#include <cmath>

#include <lockstep/nn/metrics/root_mean_squared_error.h>

#include "metric_shapes.h"

namespace lockstep {

void RootMeanSquaredError::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

double RootMeanSquaredError::sample_value(std::span<const float> output,
                                          std::span<const float> target) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double error = static_cast<double>(output[i]) - static_cast<double>(target[i]);
        sum += error * error;
    }
    return sum / static_cast<double>(output.size());
}

double RootMeanSquaredError::result(std::span<const double> state) const {
    return std::sqrt(MeanMetric::result(state));
}

const TypeHelp& RootMeanSquaredError::help() {
    static const TypeHelp help{.summary = "square root of the mean squared error", .keys = {}};
    return help;
}

std::unique_ptr<Metric> RootMeanSquaredError::from_config(const Config& /*keys*/) {
    return std::make_unique<RootMeanSquaredError>();
}

}  // namespace lockstep
