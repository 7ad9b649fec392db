#pragma once

#include <cstdint>

#include <lockstep/core/permutation.h>

namespace lockstep {

/// Shuffling that reads long runs: the data are cut into blocks of consecutive samples, a pass visits the
/// blocks in a random order, and the samples of `window` blocks at a time are mixed with each other.
///
/// What it gives up against a full permutation: samples of one block always come within one window, so
/// neighbours in the file stay near each other. A file that is sorted (by class, by time) should be shuffled
/// once when it is written, or get windows that cover much of it. Memory: two windows of samples, divided by
/// the ranks. Blocks as long as the chunks of the file, or a multiple, read fastest.
struct BlockShuffle {
    std::uint64_t block = 256;  // samples
    std::uint64_t window = 64;  // blocks

    bool operator==(const BlockShuffle&) const = default;
};

/// The order of one pass under BlockShuffle: a bijection of [0, size) in O(1) memory. Where the size is no
/// multiple of the block, the rest at the end of the data is a shorter block, which has its random place
/// among the others.
class BlockOrder {
public:
    /// Precondition: block and window are at least 1.
    BlockOrder(std::uint64_t size, const BlockShuffle& shuffle, std::uint64_t seed, std::uint64_t pass);

    /// The sample at `position`. Precondition: position < size.
    std::uint64_t operator()(std::uint64_t position) const;

    /// Positions [first, first + count), whose samples are mixed with each other.
    struct Window {
        std::uint64_t number = 0;  // in the pass
        std::uint64_t first = 0;
        std::uint64_t count = 0;

        std::uint64_t end() const { return first + count; }
    };
    /// The window that `position` lies in. Precondition: position < size.
    Window window_of(std::uint64_t position) const;

private:
    std::uint64_t place_of(std::uint64_t position) const;
    std::uint64_t begin_of(std::uint64_t place) const;

    std::uint64_t block_, window_;
    std::uint64_t seed_, pass_;
    std::uint64_t full_;        // blocks
    std::uint64_t rest_;        // samples of the shorter block; 0: there is none
    std::uint64_t rest_place_;  // among the blocks in the order of the pass
    Permutation blocks_;        // of the full ones
};

}  // namespace lockstep
