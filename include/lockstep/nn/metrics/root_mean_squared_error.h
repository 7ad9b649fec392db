#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/metrics/mean_metric.h>

namespace lockstep {

/// The square root of the mean of (output - target)^2 over all samples and features.
class RootMeanSquaredError final : public MeanMetric {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "root_mean_squared_error"; }
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    /// The mean square of one sample.
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return true; }
    bool in_target_units() const override { return true; }
};

}  // namespace lockstep
