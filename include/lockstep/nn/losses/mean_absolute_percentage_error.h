#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// 100 |output - target| / max(|target|, 1e-7), the mean over the features of a sample. The gradient is 0
/// where they are equal.
class MeanAbsolutePercentageError final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "mean_absolute_percentage_error"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
