#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Follow the regularized leader (McMahan et al., "Ad click prediction", KDD 2013; shrinkage as in Keras),
/// with Keras' default learning_rate_power of -1/2. n is initial_accumulator_value + s before the update, n'
/// after:
///
///     s += g^2
///     z += g + 2 l2_shrinkage * w - (sqrt(n') - sqrt(n)) / rate * w
///     w = (clip(z, -l1, l1) - z) / (sqrt(n') / rate + beta / rate + 2 l2)
///
/// At a rate of 0 nothing changes.
class Ftrl final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double initial_accumulator_value = 0.1;
        double l1_regularization_strength = 0.0;
        double l2_regularization_strength = 0.0;
        double l2_shrinkage_regularization_strength = 0.0;
        double beta = 0.0;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless initial_accumulator_value > 0 and the others >= 0, and as Optimizer does.
    explicit Ftrl(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "ftrl"; }
    Config config() const override;
    /// {"accumulator", "linear"}: s and z.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double initial_accumulator_value_;
    double l1_regularization_strength_;
    double l2_regularization_strength_;
    double l2_shrinkage_regularization_strength_;
    double beta_;
};

}  // namespace lockstep
