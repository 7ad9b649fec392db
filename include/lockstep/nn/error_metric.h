#pragma once

#include <lockstep/nn/mean_metric.h>

namespace lockstep {

/// mean_absolute_error and mean_squared_error: means over the features of a sample, in the user's units.
class ErrorMetric final : public MeanMetric {
public:
    enum class Kind { absolute, squared };

    explicit ErrorMetric(Kind kind) : kind_(kind) {}

    std::string_view type() const override;
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return true; }
    bool in_target_units() const override { return true; }

private:
    Kind kind_;
};

}  // namespace lockstep
