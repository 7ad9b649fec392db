#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <lockstep/comm/exchange.h>

#include "exchange_memory.h"

namespace lockstep {

/// Hands pieces of the weights to the update rule, and keeps what is measured of each of them where all ranks
/// of the node see it.
class PieceUpdater {
public:
    /// `spec` and `rule` must outlive it.
    PieceUpdater(const ExchangeLayout& layout, const ExchangeSpec& spec, const NodeMemory& memory,
                 UpdateRule& rule);

    std::span<float> weights() const { return weights_; }
    std::span<float> array(std::size_t index) const { return arrays_[index]; }

    /// What belongs to the slice becomes zero: its pages are first touched by their owner.
    void zero(const ExchangeSlice& slice);

    /// Makes a reduced gradient what apply() sees, and measures it.
    void prepare(const ExchangePiece& piece, std::span<float> gradient);
    void apply(const ExchangePiece& piece, std::span<float> gradient) {
        rule_.apply(stretch(piece), gradient);
    }
    /// All pieces of the slice were applied.
    void complete(const ExchangeSlice& slice);

    /// Of the prepared gradients, by entry. Valid until the next call, as all results.
    std::span<const double> squared_norms();
    /// Of what the rule measured, [entry, spec.sums].
    std::span<const double> rule_sums();

private:
    Stretch stretch(const ExchangePiece& piece);
    std::span<double> rule_sums_of(std::size_t piece) {
        return rule_sums_.subspan(piece * spec_.sums, spec_.sums);
    }

    const ExchangeSpec& spec_;
    UpdateRule& rule_;
    std::span<float> weights_;
    std::vector<std::span<float>> arrays_;
    std::span<double> squares_;             // by piece
    std::span<double> rule_sums_;           // spec_.sums of each piece
    std::vector<std::size_t> piece_entry_;  // the weight that a piece belongs to
    std::vector<std::span<float>> stretch_arrays_;
    std::vector<double> entry_squares_, entry_sums_;
};

}  // namespace lockstep
