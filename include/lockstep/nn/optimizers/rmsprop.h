#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Divides the gradient by a running mean of its magnitude (Hinton, Coursera lecture 6e, 2012; momentum and
/// centering as in Keras):
///
///     v = rho * v + (1 - rho) * g^2
///     w -= rate * g / sqrt(v + epsilon)
class Rmsprop final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double rho = 0.9;
        double momentum = 0.0;
        double epsilon = 1e-7;
        bool centered = false;  // divide by the standard deviation instead
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= rho < 1, 0 <= momentum <= 1 and epsilon > 0, and as Optimizer does.
    explicit Rmsprop(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "rmsprop"; }
    Config config() const override;
    /// {"velocity"}, then "momentum" and "average_gradient" (centered) where they are used.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double rho_;
    double momentum_;
    double epsilon_;
    bool centered_;
};

}  // namespace lockstep
