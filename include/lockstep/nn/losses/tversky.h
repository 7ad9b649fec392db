#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// 1 - both / (both + alpha missed + beta wrong + 1e-7), over all features of a sample, where both =
/// sum(target * output), missed = sum(target * (1 - output)) and wrong = sum((1 - target) * output). With
/// alpha = beta = 0.5 this is Dice. (Salehi et al., 2017)
///
/// alpha and beta are as Keras computes them; its text has them the other way round. Its default takes the
/// sums over the whole batch; this is what it does with axis = all but the first.
class Tversky final : public RowLoss {
public:
    struct Options {
        double alpha = 0.5;
        double beta = 0.5;
    };

    /// Throws ConfigError unless alpha >= 0 and beta >= 0.
    explicit Tversky(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "tversky"; }
    Config config() const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;

private:
    Options options_;
};

}  // namespace lockstep
