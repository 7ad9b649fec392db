#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Adam with the largest magnitude in place of the mean square (Kingma and Ba, ICLR 2015, section 7.1); t
/// counts updates from 1:
///
///     m += (g - m) (1 - beta_1),   u = max(beta_2 * u, |g|)
///     w -= rate / (1 - beta_1^t) * m / (u + epsilon)
class Adamax final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double beta_1 = 0.9;
        double beta_2 = 0.999;
        double epsilon = 1e-7;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= beta_1, beta_2 < 1 and epsilon > 0, and as Optimizer does.
    explicit Adamax(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "adamax"; }
    Config config() const override;
    /// {"momentum", "norm"}: m and u.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double beta_1_;
    double beta_2_;
    double epsilon_;
};

}  // namespace lockstep
