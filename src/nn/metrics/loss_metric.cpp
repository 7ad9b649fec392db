#include <limits>
#include <numeric>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/nn/metrics/loss_metric.h>

namespace lockstep {

void LossMetric::build(const Shape& output, const Shape& target) {
    const Shape expected = loss_->target_shape(output);
    if (expected.size() != target.size())
        throw ShapeError(std::string(type()) + ": expected targets " + expected.to_string() + ", got " +
                         target.to_string());
}

void LossMetric::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                        std::span<double> state) const {
    state[0] += loss_->compute(outputs, targets, weights, {});
    state[1] += weights.empty() ? static_cast<double>(outputs.rows())
                                : std::accumulate(weights.begin(), weights.end(), 0.0);
}

double LossMetric::result(std::span<const double> state) const {
    return state[1] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : state[0] / state[1];
}

}  // namespace lockstep
