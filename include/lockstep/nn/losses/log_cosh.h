#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// log(cosh(output - target)), the mean over the features of a sample.
class LogCosh final : public RowLoss {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "log_cosh"; }

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;
};

}  // namespace lockstep
