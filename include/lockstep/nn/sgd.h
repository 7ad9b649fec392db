#pragma once

#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Gradient descent, with momentum if asked for:
///
///     w -= rate * g
///     v = momentum * v - rate * g,   w += v   or with nesterov   w += momentum * v - rate * g
///
///     Sgd({.learning_rate = 0.1, .momentum = 0.9})
class Sgd final : public Optimizer {
public:
    struct Options {
        double learning_rate = 0.01;
        double momentum = 0.0;
        bool nesterov = false;
        std::optional<double> clipnorm = {};  // this and all below: see OptimizerOptions
        std::optional<double> global_clipnorm = {};
        std::optional<double> clipvalue = {};
        int gradient_accumulation_steps = 1;
        bool use_ema = false;
        double ema_momentum = 0.99;
        std::optional<std::int64_t> ema_overwrite_frequency = {};
    };

    /// Throws ConfigError unless 0 <= momentum <= 1, and as Optimizer does.
    explicit Sgd(Options options);

    std::string_view type() const override { return "sgd"; }
    Config config() const override;
    /// {"momentum"}, or none without momentum.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double momentum_;
    bool nesterov_;
};

}  // namespace lockstep
