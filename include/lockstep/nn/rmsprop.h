#pragma once

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
        double learning_rate = 0.001;
        double rho = 0.9;
        double momentum = 0.0;
        double epsilon = 1e-7;
        bool centered = false;                // divide by the standard deviation instead
        std::optional<double> clipnorm = {};  // this and all below: see OptimizerOptions
        std::optional<double> global_clipnorm = {};
        std::optional<double> clipvalue = {};
        int gradient_accumulation_steps = 1;
        bool use_ema = false;
        double ema_momentum = 0.99;
        std::optional<std::int64_t> ema_overwrite_frequency = {};
    };

    /// Throws ConfigError unless 0 <= rho < 1, 0 <= momentum <= 1 and epsilon > 0, and as Optimizer does.
    explicit Rmsprop(Options options);

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
