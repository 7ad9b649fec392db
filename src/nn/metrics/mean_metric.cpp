#include <limits>

#include <lockstep/nn/metrics/mean_metric.h>

namespace lockstep {

void MeanMetric::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                        std::span<double> state) const {
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
        state[0] += weight * sample_value(outputs.row(row), targets.row(row));
        state[1] += weight;
    }
}

double MeanMetric::result(std::span<const double> state) const {
    return state[1] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : state[0] / state[1];
}

}  // namespace lockstep
