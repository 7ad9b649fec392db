#pragma once

#include <cstdint>
#include <variant>

#include <lockstep/core/permutation.h>
#include <lockstep/data/block_order.h>

namespace lockstep {

/// Keras' `shuffle`: whether each pass visits the samples in a random order of its own; BlockShuffle for data
/// that are too large to be read in any order.
using Shuffle = std::variant<bool, BlockShuffle>;

/// Throws ConfigError if a block or a window is empty.
void check_shuffle(const Shuffle& shuffle);

/// Which sample each position of a pass holds: a function of the size, the seed, the pass and the position,
/// the same on every rank; under BlockShuffle also of batch_size.
class SampleOrder {
public:
    SampleOrder(std::uint64_t size, const Shuffle& shuffle, std::uint64_t batch_size, std::uint64_t seed,
                std::uint64_t pass);

    /// Precondition: position < size.
    std::uint64_t operator()(std::uint64_t position) const;

private:
    struct Identity {
        std::uint64_t operator()(std::uint64_t position) const { return position; }
    };
    std::variant<Identity, Permutation, BlockOrder> order_;
};

}  // namespace lockstep
