#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// 1 - 2 sum(target * output) / (sum(target) + sum(output) + 1e-7), over all features of a sample. (Milletari
/// et al., 2016)
///
/// Keras' default takes the sums over the whole batch, so that the loss depends on what is in it; this is
/// what it does with axis = all but the first.
class Dice final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "dice"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
