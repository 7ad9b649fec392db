#pragma once

#include <lockstep/core/registry.h>
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
        LearningRate learning_rate = 0.01;
        double momentum = 0.0;
        bool nesterov = false;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= momentum <= 1, and as Optimizer does.
    explicit Sgd(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

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
