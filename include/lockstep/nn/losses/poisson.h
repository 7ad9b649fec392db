#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// output - target * log(output + 1e-7), the mean over the features of a sample. Outputs are expected counts:
/// at least 0, as of an exponential or softplus.
class Poisson final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "poisson"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
