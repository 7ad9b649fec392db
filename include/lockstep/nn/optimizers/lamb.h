#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// Adaptive moments for large batches: every weight moves by a part of its own norm (You et al., "Large batch
/// optimization for deep learning", ICLR 2020), in Keras' form; t counts updates from 1:
///
///     m += (g - m) (1 - beta_1),   v += (g^2 - v) (1 - beta_2)
///     d = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon)
///     w -= rate * |w| / |d| * d
///
/// Norms are those of a whole weight (a kernel, a bias); where one of them is 0, their quotient counts as 1.
class Lamb final : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double beta_1 = 0.9;
        double beta_2 = 0.999;
        double epsilon = 1e-7;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= beta_1, beta_2 < 1 and epsilon > 0, if there is a clipnorm or
    /// global_clipnorm, and as Optimizer does.
    explicit Lamb(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "lamb"; }
    Config config() const override;
    /// {"momentum", "velocity"}, m and v.
    std::vector<std::string> slots() const override;
    bool needs_norms() const override { return true; }
    double measure(const SliceUpdate& slice) const override;
    void update(const SliceUpdate& slice) const override;

private:
    template <typename Use>
    void walk(const SliceUpdate& slice, Use use) const;

    double beta_1_;
    double beta_2_;
    double epsilon_;
};

}  // namespace lockstep
