#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Divides the gradient by the root of the sum of its squares (Duchi, Hazan and Singer, JMLR 2011):
///
///     s += g^2
///     w -= rate * g / sqrt(initial_accumulator_value + s + epsilon)
///
/// Slots start at zero, so the initial value is added where it is used; Keras' accumulator includes it.
class Adagrad final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double initial_accumulator_value = 0.1;
        double epsilon = 1e-7;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless initial_accumulator_value >= 0 and epsilon > 0, and as Optimizer does.
    explicit Adagrad(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "adagrad"; }
    Config config() const override;
    /// {"accumulator"}: s.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double initial_accumulator_value_;
    double epsilon_;
};

}  // namespace lockstep
