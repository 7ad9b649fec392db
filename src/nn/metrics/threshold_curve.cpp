#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <lockstep/nn/metrics/threshold_curve.h>

#include "../option_check.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

double ratio(double part, double rest) {
    return part + rest == 0.0 ? 0.0 : part / (part + rest);
}

}  // namespace

double ThresholdCurve::Point::recall() const {
    return ratio(true_positives, false_negatives);
}

double ThresholdCurve::Point::precision() const {
    return ratio(true_positives, false_positives);
}

double ThresholdCurve::Point::specificity() const {
    return ratio(true_negatives, false_positives);
}

double ThresholdCurve::Point::false_positive_rate() const {
    return ratio(false_positives, true_negatives);
}

ThresholdCurve::ThresholdCurve(std::size_t num_thresholds) : num_thresholds_(num_thresholds) {
    check_option(num_thresholds >= 2, "num_thresholds", "a whole number of at least 2", num_thresholds);
}

TypeHelp::Key ThresholdCurve::num_thresholds_key() {
    return {"num_thresholds", "200", "evenly from 0 to 1"};
}

void ThresholdCurve::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

/// The number of thresholds that the output is above.
std::size_t ThresholdCurve::bucket(float output) const {
    const double value = probability(output);
    if (!(value > 0.0)) return lowest_takes_all() ? 1 : 0;
    const auto last = static_cast<double>(num_thresholds_ - 1);
    return static_cast<std::size_t>(std::ceil(std::min(value, 1.0) * last));
}

void ThresholdCurve::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                            std::span<double> state) const {
    const std::span<double> positives = state.first(num_thresholds_),
                            negatives = state.subspan(num_thresholds_, num_thresholds_);
    const auto [first, count] = columns(outputs.columns());
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
        const auto output = outputs.row(row).subspan(first, count);
        const auto target = targets.row(row).subspan(first, count);
        for (std::size_t i = 0; i < count; ++i)
            (target[i] != 0.0F ? positives : negatives)[bucket(output[i])] += weight;
    }
    state.back() += static_cast<double>(outputs.rows());
}

double ThresholdCurve::result(std::span<const double> state) const {
    if (state.back() == 0.0) return std::numeric_limits<double>::quiet_NaN();
    const auto positives = state.first(num_thresholds_),
               negatives = state.subspan(num_thresholds_, num_thresholds_);
    std::vector<Point> points(num_thresholds_);
    double hits = 0.0, false_alarms = 0.0;
    for (std::size_t i = num_thresholds_; i-- > 0;) {
        points[i] = {.true_positives = hits,
                     .false_positives = false_alarms,
                     .true_negatives = 0.0,
                     .false_negatives = 0.0};
        hits += positives[i];
        false_alarms += negatives[i];
    }
    double misses = 0.0, rejections = 0.0;
    for (std::size_t i = 0; i < num_thresholds_; ++i) {
        points[i].false_negatives = misses += positives[i];
        points[i].true_negatives = rejections += negatives[i];
    }
    return of_curve(points);
}

}  // namespace lockstep
