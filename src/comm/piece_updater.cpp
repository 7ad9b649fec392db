#include "piece_updater.h"

#include <algorithm>

#include <lockstep/math/kernels.h>

namespace lockstep {

PieceUpdater::PieceUpdater(const ExchangeLayout& layout, const ExchangeSpec& spec, const NodeMemory& memory,
                           UpdateRule& rule)
    : spec_(spec),
      rule_(rule),
      weights_(memory.at<float>(layout.weights, spec.store)),
      squares_(memory.at<double>(layout.sums, layout.piece_entry.size())),
      rule_sums_(memory.at<double>(layout.rule_sums, layout.piece_entry.size() * spec.sums)),
      piece_entry_(layout.piece_entry),
      stretch_arrays_(spec.arrays),
      entry_squares_(spec.entries.size()),
      entry_sums_(spec.entries.size() * spec.sums) {
    for (const std::size_t offset : layout.arrays) arrays_.push_back(memory.at<float>(offset, spec.store));
}

void PieceUpdater::zero(const ExchangeSlice& slice) {
    std::ranges::fill(weights_.subspan(slice.offset, slice.size), 0.0F);
    for (const auto array : arrays_) std::ranges::fill(array.subspan(slice.offset, slice.size), 0.0F);
    for (const auto& piece : slice.pieces) {
        squares_[piece.sum] = 0.0;
        std::ranges::fill(rule_sums_of(piece.sum), 0.0);
    }
}

void PieceUpdater::prepare(const ExchangePiece& piece, std::span<float> gradient) {
    rule_.prepare(stretch(piece), gradient);
    if (!spec_.entries[piece.entry].measured) return;
    if (spec_.two_phase || spec_.measure) squares_[piece.sum] = math::sum_of_squares(gradient);
    if (spec_.sums > 0) rule_.measure(stretch(piece), gradient, rule_sums_of(piece.sum));
}

void PieceUpdater::complete(const ExchangeSlice& slice) {
    for (const std::size_t index : slice.whole_entries) {
        const ExchangeSpec::Entry& entry = spec_.entries[index];
        rule_.complete(index, weights_.subspan(entry.offset, entry.size));
    }
}

std::span<const double> PieceUpdater::squared_norms() {
    std::ranges::fill(entry_squares_, 0.0);
    for (std::size_t piece = 0; piece < piece_entry_.size(); ++piece)
        entry_squares_[piece_entry_[piece]] += squares_[piece];
    return entry_squares_;
}

std::span<const double> PieceUpdater::rule_sums() {
    std::ranges::fill(entry_sums_, 0.0);
    for (std::size_t piece = 0; piece < piece_entry_.size(); ++piece)
        for (std::size_t sum = 0; sum < spec_.sums; ++sum)
            entry_sums_[piece_entry_[piece] * spec_.sums + sum] += rule_sums_of(piece)[sum];
    return entry_sums_;
}

Stretch PieceUpdater::stretch(const ExchangePiece& piece) {
    for (std::size_t index = 0; index < arrays_.size(); ++index)
        stretch_arrays_[index] = arrays_[index].subspan(piece.offset, piece.size);
    return {.entry = piece.entry,
            .weights = weights_.subspan(piece.offset, piece.size),
            .arrays = stretch_arrays_};
}

}  // namespace lockstep
