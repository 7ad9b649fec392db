#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// -sum(output * target) / (|output| |target|): -1 for vectors of the same direction. As in Keras, a length
/// below 1e-7 counts as that.
class CosineSimilarity final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "cosine_similarity"; }
    /// Throws ShapeError unless an output is one axis.
    Shape target_shape(const Shape& output) const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
