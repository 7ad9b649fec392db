#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// The sign of a mean gradient, so that every weight moves by the rate (Chen et al., "Symbolic discovery of
/// optimization algorithms", NeurIPS 2023):
///
///     w -= rate * sign(beta_1 * m + (1 - beta_1) * g)
///     m = beta_2 * m + (1 - beta_2) * g
///
/// The authors use a rate 3 to 10 times smaller, and a weight_decay as much larger, than with AdamW.
class Lion final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double beta_1 = 0.9;
        double beta_2 = 0.99;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 < beta_1 <= 1 and 0 <= beta_2 < 1, and as Optimizer does.
    explicit Lion(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "lion"; }
    Config config() const override;
    /// {"momentum"}: m.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double beta_1_;
    double beta_2_;
};

}  // namespace lockstep
