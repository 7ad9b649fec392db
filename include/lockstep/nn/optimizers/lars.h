#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Gradient descent with momentum for large batches, with a rate of its own for every weight (You, Gitman and
/// Ginsburg, "Large batch training of convolutional networks", arXiv:1708.03888, 2017):
///
///     trust = trust_coefficient * |w| / (|g| + weight_decay * |w| + epsilon)
///     v = momentum * v - rate * trust * (g + weight_decay * w),   w += v
///
/// Norms are those of a whole weight (a kernel, a bias); where |w| or |g| is 0, trust is 1.
class Lars final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 1.0;
        double momentum = 0.9;
        double weight_decay = 0.0;  // of the gradient; takes the place of common.weight_decay
        double trust_coefficient = 0.001;
        double epsilon = 0.0;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= momentum <= 1, weight_decay >= 0, trust_coefficient > 0, epsilon >= 0,
    /// if there is a common.weight_decay, and as Optimizer does.
    explicit Lars(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "lars"; }
    Config config() const override;
    /// {"momentum"}, v; or none without momentum.
    std::vector<std::string> slots() const override;
    bool needs_norms() const override { return true; }
    double measure(const SliceUpdate& slice) const override;
    void update(const SliceUpdate& slice) const override;

private:
    double trust(const SliceUpdate& slice) const;

    double momentum_;
    double weight_decay_;
    double trust_coefficient_;
    double epsilon_;
};

}  // namespace lockstep
