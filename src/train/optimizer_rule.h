#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <lockstep/comm/update_rule.h>
#include <lockstep/nn/optimizer.h>
#include <lockstep/nn/parameter_layout.h>

namespace lockstep {

/// An optimizer as the exchange sees it: the mean over the batch and the regularizer's gradient, accumulation
/// over batches, clipping, weight decay, the update, then the constraint. Running averages follow the mean of
/// their statistic instead.
///
/// Arrays per element: the optimizer's slots; with accumulation, the sum of the last mean gradients; with
/// use_ema, the running average of the weights.
class OptimizerRule final : public UpdateRule {
public:
    /// Both must outlive the rule. `guarded`: no update is made with a gradient that is not finite.
    OptimizerRule(const Optimizer& optimizer, const ParameterLayout& layout, bool guarded);

    std::size_t arrays() const { return slots_ + (accumulates() ? 1 : 0) + (averages() ? 1 : 0); }
    /// "velocity", "gradient_accumulator", "average"
    std::vector<std::string> array_names() const;
    /// Number of the array with the running average of the weights; none without use_ema.
    std::optional<std::size_t> average() const;
    /// Clipping by a norm needs the whole gradient before the first update, and some optimizers whole
    /// weights.
    bool two_phase() const;
    /// ExchangeSpec::sums: squares of the weight and of its direction, if the optimizer needs them.
    std::size_t sums() const { return optimizer_.needs_norms() ? 2 : 0; }

    /// The next update: its rate and the samples of its batch, over all ranks.
    void begin(double learning_rate, std::uint64_t samples);
    /// It was made on all ranks, or on none.
    void end();
    /// Whether the last update was not made, since its gradient was not finite; the same on every rank.
    bool found_non_finite() const { return non_finite_; }

    /// Updates done, and batches accumulated towards the next one.
    std::int64_t iterations() const { return iterations_; }
    int accumulated() const { return accumulated_; }
    void restore(std::int64_t iterations, int accumulated);

    void prepare(const Stretch& stretch, std::span<float> gradient) override;
    void measure(const Stretch& stretch, std::span<const float> gradient, std::span<double> sums) override;
    void set_norms(std::span<const double> squares) override;
    void set_sums(std::span<const double> sums) override;
    void apply(const Stretch& stretch, std::span<float> gradient) override;
    void complete(std::size_t entry, std::span<float> weight) override;

private:
    /// Of a whole weight, and of its whole direction.
    struct Norms {
        double weight = 0.0, direction = 0.0;
    };

    bool accumulates() const { return optimizer_.options().gradient_accumulation_steps > 1; }
    bool updates() const { return !non_finite_ && completes_step(); }
    bool completes_step() const {
        return accumulated_ + 1 == optimizer_.options().gradient_accumulation_steps;
    }
    bool averages() const { return optimizer_.options().use_ema; }
    void average_weights(const Stretch& stretch) const;
    void accumulate(std::span<float> sum, std::span<float> gradient) const;

    const Optimizer& optimizer_;
    const ParameterLayout& layout_;
    bool guarded_;
    std::size_t slots_;
    std::vector<float> clip_;   // factor by weight, in the second phase
    std::vector<Norms> norms_;  // by weight, if the optimizer needs them
    double learning_rate_ = 0;
    float scale_ = 1;  // 1 / samples
    std::int64_t iterations_ = 0;
    int accumulated_ = 0;
    bool non_finite_ = false;
};

}  // namespace lockstep
