#include <algorithm>
#include <cmath>

#include <lockstep/nn/metrics/cosine_similarity_metric.h>

#include "metric_shapes.h"

namespace lockstep {
namespace {

double cosine(std::span<const float> left, std::span<const float> right) {
    constexpr double kShortest = 1e-7;
    double product = 0.0, left_square = 0.0, right_square = 0.0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const double a = static_cast<double>(left[i]), b = static_cast<double>(right[i]);
        product += a * b;
        left_square += a * a;
        right_square += b * b;
    }
    return product / std::max(std::sqrt(left_square), kShortest) /
           std::max(std::sqrt(right_square), kShortest);
}

}  // namespace

void CosineSimilarityMetric::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
    length_ = output.rank() == 0 ? 1 : output[output.rank() - 1];
}

double CosineSimilarityMetric::sample_value(std::span<const float> output,
                                            std::span<const float> target) const {
    double sum = 0.0;
    for (std::size_t first = 0; first < output.size(); first += length_)
        sum += cosine(output.subspan(first, length_), target.subspan(first, length_));
    return sum / static_cast<double>(output.size() / length_);
}

const TypeHelp& CosineSimilarityMetric::help() {
    static const TypeHelp help{.summary = "cosine of the angle between output and target", .keys = {}};
    return help;
}

std::unique_ptr<Metric> CosineSimilarityMetric::from_config(const Config& /*keys*/) {
    return std::make_unique<CosineSimilarityMetric>();
}

}  // namespace lockstep
