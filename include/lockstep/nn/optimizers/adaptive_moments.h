#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/optimizer.h>

namespace lockstep {

/// What Adam and its kin have in common: two running means that start as 0 and decay by beta_1 and beta_2,
/// of the gradient (m) and of its size (v, its square unless the optimizer says otherwise).
class AdaptiveMoments : public Optimizer {
public:
    struct Options {
        LearningRate learning_rate = 0.001;
        double beta_1 = 0.9;
        double beta_2 = 0.999;
        double epsilon = 1e-7;
        OptimizerOptions common = {};
    };

    /// Throws ConfigError unless 0 <= beta_1, beta_2 < 1 and epsilon > 0, and as Optimizer does.
    explicit AdaptiveMoments(Options options);

    Config config() const override;
    /// {"momentum", "velocity"}: m and v.
    std::vector<std::string> slots() const override;

protected:
    /// Of beta_1, beta_2 and epsilon, where v is a mean square.
    static std::vector<TypeHelp::Key> moments_help();
    static Options read_options(const Config& keys);

    double beta_1() const { return beta_1_; }
    double beta_2() const { return beta_2_; }
    double epsilon() const { return epsilon_; }

    /// 1 - beta_1^t and 1 - beta_2^t with t = iteration + 1: how much of its gradients a mean holds by then.
    double bias_correction_1(std::int64_t iteration) const;
    double bias_correction_2(std::int64_t iteration) const;

private:
    double beta_1_;
    double beta_2_;
    double epsilon_;
};

}  // namespace lockstep
