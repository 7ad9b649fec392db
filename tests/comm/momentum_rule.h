#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <lockstep/comm/update_rule.h>
#include <lockstep/math/kernels.h>
#include <lockstep/math/optimizer_kernels.h>

namespace lockstep::test {

/// SGD with momentum on the mean gradient; in the two-phase form the whole gradient's norm is clipped, and
/// weights that are long, or move fast, as a whole are slowed down. What one rank updates as a whole is held
/// to a norm.
class MomentumRule final : public UpdateRule {
public:
    float learning_rate = 0.0F;
    std::size_t shards = 1;  // the sum's divisor
    static constexpr std::size_t kSums = 2;

    void prepare(const Stretch& /*stretch*/, std::span<float> gradient) override {
        math::scale(gradient, 1.0F / static_cast<float>(shards), gradient);
    }

    void measure(const Stretch& stretch, std::span<const float> /*gradient*/,
                 std::span<double> sums) override {
        sums[0] = math::sum_of_squares(stretch.weights);
        sums[1] = math::sum_of_squares(stretch.arrays[0]);
    }

    void set_norms(std::span<const double> squares) override {
        double whole = 0.0;
        for (const double square : squares) whole += square;
        clip_ = static_cast<float>(std::min(1.0, kLargestNorm / std::sqrt(whole)));
    }

    void set_sums(std::span<const double> sums) override {
        brakes_.resize(sums.size() / kSums);
        for (std::size_t entry = 0; entry < brakes_.size(); ++entry)
            brakes_[entry] =
                static_cast<float>(1.0 / (1.0 + sums[kSums * entry] + 2.0 * sums[kSums * entry + 1]));
    }

    void apply(const Stretch& stretch, std::span<float> gradient) override {
        const float brake = brakes_.empty() ? 1.0F : brakes_[stretch.entry];
        math::scale(gradient, clip_ * brake, gradient);
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
    std::vector<float> brakes_;  // by weight
};

}  // namespace lockstep::test
