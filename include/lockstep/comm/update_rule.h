#pragma once

#include <cstddef>
#include <span>

namespace lockstep {

/// A stretch of one weight that one rank updates.
struct Stretch {
    std::size_t entry;  // number of the weight
    std::span<float> weights;
    std::span<const std::span<float>> arrays;  // what is kept per element: optimizer slots, accumulators
};

/// What becomes of a reduced gradient. The exchange calls it for every stretch that this rank owns; each
/// stretch is at most one block long and lies in one weight.
class UpdateRule {
public:
    virtual ~UpdateRule() = default;

    /// `gradient` is the sum over the batch; makes it what apply() and the norms see.
    virtual void prepare(const Stretch& stretch, std::span<float> gradient) = 0;

    /// After prepare(), if the exchange has sums: this stretch's part of each of them, into `sums`. May
    /// change the arrays.
    virtual void measure(const Stretch& /*stretch*/, std::span<const float> /*gradient*/,
                         std::span<double> /*sums*/) {}

    /// Between the phases: the squared norms of the prepared gradients, by weight, over all stretches and the
    /// same on every rank. Called only if the exchange is two-phase.
    virtual void set_norms(std::span<const double> squares) = 0;

    /// Between the phases, if the exchange has sums: what measure() gave, added up over all stretches of a
    /// weight, [weights, sums]; the same on every rank.
    virtual void set_sums(std::span<const double> /*sums*/) {}

    /// Changes weights and arrays. May overwrite `gradient`.
    virtual void apply(const Stretch& stretch, std::span<float> gradient) = 0;

    /// All stretches of a weight were applied; called for those that one rank updates as a whole.
    virtual void complete(std::size_t /*entry*/, std::span<float> /*weight*/) {}
};

}  // namespace lockstep
