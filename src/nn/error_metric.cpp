#include <cmath>

#include <lockstep/nn/error_metric.h>

#include "metric_shapes.h"

namespace lockstep {

std::string_view ErrorMetric::type() const {
    return kind_ == Kind::absolute ? "mean_absolute_error" : "mean_squared_error";
}

void ErrorMetric::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

double ErrorMetric::sample_value(std::span<const float> output, std::span<const float> target) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double error = static_cast<double>(output[i]) - static_cast<double>(target[i]);
        sum += kind_ == Kind::absolute ? std::abs(error) : error * error;
    }
    return sum / static_cast<double>(output.size());
}

}  // namespace lockstep
