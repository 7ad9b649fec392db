#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Steps as large as recent steps, relative to the size of recent gradients (Zeiler, arXiv:1212.5701, 2012):
///
///     v = rho * v + (1 - rho) * g^2
///     d = -sqrt(c + epsilon) / sqrt(v + epsilon) * g
///     c = rho * c + (1 - rho) * d^2,   w += rate * d
///
/// The paper's rate is 1.
class Adadelta final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double rho = 0.95;
        double epsilon = 1e-7;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= rho < 1 and epsilon > 0, and as Optimizer does.
    explicit Adadelta(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "adadelta"; }
    Config config() const override;
    /// {"accumulated_grad", "accumulated_delta_var"}: v and c.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

private:
    double rho_;
    double epsilon_;
};

}  // namespace lockstep
