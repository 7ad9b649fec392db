#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// (log(output + 1) - log(target + 1))^2, the mean over the features of a sample. As in Keras, what is below
/// 1e-7 counts as that, and an output there has no gradient.
class MeanSquaredLogarithmicError final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "mean_squared_logarithmic_error"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
