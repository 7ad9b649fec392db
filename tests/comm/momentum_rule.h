#pragma once

#include <algorithm>
#include <cmath>

#include <lockstep/comm/update_rule.h>
#include <lockstep/math/kernels.h>
#include <lockstep/math/optimizer_kernels.h>

namespace lockstep::test {

/// SGD with momentum on the mean gradient; in the two-phase form the whole gradient's norm is clipped. What
/// one rank updates as a whole is held to a norm.
class MomentumRule final : public UpdateRule {
public:
    float learning_rate = 0.0F;
    std::size_t shards = 1;  // the sum's divisor

    void prepare(const Stretch& /*stretch*/, std::span<float> gradient) override {
        math::scale(gradient, 1.0F / static_cast<float>(shards), gradient);
    }

    void set_norms(std::span<const double> squares) override {
        double whole = 0.0;
        for (const double square : squares) whole += square;
        clip_ = static_cast<float>(std::min(1.0, kLargestNorm / std::sqrt(whole)));
    }

    void apply(const Stretch& stretch, std::span<float> gradient) override {
        math::scale(gradient, clip_, gradient);
        math::sgd_momentum(gradient, learning_rate, 0.9F, false, stretch.arrays[0], stretch.weights);
    }

    /// Holds the norm of the weight.
    void complete(std::size_t /*entry*/, std::span<float> weight) override {
        const double norm = std::sqrt(math::sum_of_squares(weight));
        math::scale(weight, static_cast<float>(1.0 / (1.0 + norm)), weight);
    }

private:
    static constexpr double kLargestNorm =
        25.0;  // between the norms of the scenario's means: some attempts are clipped
    float clip_ = 1.0F;
};

}  // namespace lockstep::test
