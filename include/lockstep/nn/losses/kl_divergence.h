#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// sum(target * log(target / output)), the Kullback-Leibler divergence of two distributions over classes.
/// Both are clipped to [1e-7, 1] as in Keras.
class KlDivergence final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "kl_divergence"; }
    /// Throws ShapeError unless an output is one axis of at least two classes.
    Shape target_shape(const Shape& output) const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
