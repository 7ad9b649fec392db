#pragma once

#include <cstdint>

#include <lockstep/core/permutation.h>

namespace lockstep {

/// The data of one pass in blocks of consecutive samples, one block behind the other in random order: a
/// bijection of [0, size) in O(1) memory. Where the size is no multiple of the block, the rest at the end of
/// the data is a shorter block, which has its random place among the others.
class BlockSequence {
public:
    /// Precondition: block is at least 1.
    BlockSequence(std::uint64_t size, std::uint64_t block, std::uint64_t seed, std::uint64_t pass);

    /// The sample at a place of the sequence. Precondition: place < size.
    std::uint64_t operator()(std::uint64_t place) const;

    /// Which block, counted along the sequence, a place lies in. Precondition: place < size.
    std::uint64_t block_of(std::uint64_t place) const;
    /// The place where a block begins; with blocks(), the end of the sequence.
    std::uint64_t begin_of(std::uint64_t block) const;
    std::uint64_t blocks() const { return full_ + (rest_ > 0 ? 1 : 0); }

private:
    std::uint64_t block_;
    std::uint64_t full_;        // blocks
    std::uint64_t rest_;        // samples of the shorter block; 0: there is none
    std::uint64_t rest_block_;  // its number in the sequence
    Permutation order_;         // of the full ones
};

}  // namespace lockstep
