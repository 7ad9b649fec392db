#pragma once

#include <lockstep/nn/optimizers/adaptive_moments.h>

namespace lockstep {

/// Adaptive moments (Kingma and Ba, ICLR 2015), in Keras' form; t counts updates from 1:
///
///     m += (g - m) (1 - beta_1),   v += (g^2 - v) (1 - beta_2)
///     w -= rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon)
///
/// With `amsgrad` (Reddi, Kale and Kumar, ICLR 2018) the largest v so far takes the place of v.
class Adam : public AdaptiveMoments {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double beta_1 = 0.9;
        double beta_2 = 0.999;
        double epsilon = 1e-7;
        bool amsgrad = false;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError as AdaptiveMoments does.
    explicit Adam(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Optimizer> from_config(const Config& keys);

    std::string_view type() const override { return "adam"; }
    Config config() const override;
    /// {"momentum", "velocity"}, m and v; then "velocity_hat" with amsgrad.
    std::vector<std::string> slots() const override;
    void update(const SliceUpdate& slice) const override;

protected:
    static TypeHelp help(std::string summary);
    static Options read_options(const Config& keys);

private:
    bool amsgrad_;
};

}  // namespace lockstep
