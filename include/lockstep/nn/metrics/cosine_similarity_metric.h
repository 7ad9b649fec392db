#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/metrics/mean_metric.h>

namespace lockstep {

/// The cosine of the angle between output and target along the last axis, the mean over the other axes: 1 if
/// they point the same way. The loss of this name is its negative. A vector shorter than 1e-7 is divided by
/// 1e-7 instead of by its length, as in Keras.
class CosineSimilarityMetric final : public MeanMetric {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "cosine_similarity"; }
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return false; }
    bool in_target_units() const override { return true; }

private:
    std::size_t length_ = 1;  // of a vector
};

}  // namespace lockstep
