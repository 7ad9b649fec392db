#pragma once

#include <cstdint>

#include <lockstep/data/block_sequence.h>

namespace lockstep {

/// Shuffling that reads long runs: the data are cut into blocks of consecutive samples, a pass visits the
/// blocks in a random order, and every batch draws from `window` blocks at a time.
///
/// What it gives up against a full permutation: samples of one block always come within one window, so
/// neighbours in the file stay near each other. A file that is sorted (by class, by time) should be shuffled
/// once when it is written, or get windows that cover much of it. Memory: two windows of samples, divided by
/// the ranks. Blocks as long as the chunks of the file, or a multiple, read fastest. Up to `window` ranks
/// share the blocks out among them; of more, several need the same.
struct BlockShuffle {
    std::uint64_t block = 256;  // samples
    std::uint64_t window = 64;  // blocks

    bool operator==(const BlockShuffle&) const = default;
};

/// The order of one pass under BlockShuffle: a bijection of [0, size) in O(1) memory.
///
/// Batches are cut into strands, as many as batch_size and the window allow, a power of two: strand k of a
/// batch of n samples is [floor(k n / strands), floor((k + 1) n / strands)). Each strand draws from a part of
/// the pass's BlockSequence of its own, and mixes its share of the window at a time. So whoever works on some
/// of the strands reads and unpacks blocks that nobody else needs, but for those that lie across the end of a
/// part; were the whole sequence mixed, every rank would need every block. Strands do not depend on shards or
/// ranks.
class BlockOrder {
public:
    /// Precondition: block, window and batch_size are at least 1.
    BlockOrder(std::uint64_t size, const BlockShuffle& shuffle, std::uint64_t batch_size, std::uint64_t seed,
               std::uint64_t pass);

    /// The sample at `position` of the pass. Precondition: position < size.
    std::uint64_t operator()(std::uint64_t position) const;

    /// The blocks one behind the other, before samples are mixed.
    const BlockSequence& sequence() const { return sequence_; }

    std::uint64_t strands() const { return strands_; }
    /// Samples of a strand in a batch of full size.
    std::uint64_t rows_of(std::uint64_t strand) const;

    /// Places [first, first + count) of the sequence.
    struct Range {
        std::uint64_t first = 0;
        std::uint64_t count = 0;

        std::uint64_t end() const { return first + count; }
        bool operator==(const Range&) const = default;
    };
    /// All that a strand draws from.
    Range part_of(std::uint64_t strand) const;

    /// A place of the sequence, in the part of a strand; the places of the next `run` - 1 positions follow
    /// it.
    struct Place {
        std::uint64_t strand = 0;
        std::uint64_t place = 0;
        std::uint64_t run = 1;
    };
    /// Where a position would draw from if samples were not mixed. Precondition: position < size.
    Place place_of(std::uint64_t position) const;
    /// The places that are mixed with this one.
    Range window_of(const Place& place) const;
    /// The most places of a window, but for parts that are shorter.
    std::uint64_t most_in_window() const { return window_ * block_; }

private:
    std::uint64_t before(std::uint64_t strand, std::uint64_t samples) const;

    std::uint64_t size_;
    std::uint64_t batch_size_;
    std::uint64_t strands_;
    std::uint64_t block_;   // samples
    std::uint64_t window_;  // blocks of one strand
    std::uint64_t seed_, pass_;
    BlockSequence sequence_;
};

}  // namespace lockstep
