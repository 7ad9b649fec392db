#pragma once

#include <lockstep/nn/metric.h>

namespace lockstep {

/// Base of metrics that are a weighted mean over samples. State: [sum of weight x value, sum of weights].
class MeanMetric : public Metric {
public:
    std::size_t state_size() const override { return 2; }
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    double result(std::span<const double> state) const override;

    /// The value of one sample.
    virtual double sample_value(std::span<const float> output, std::span<const float> target) const = 0;
};

}  // namespace lockstep
