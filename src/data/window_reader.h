#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lockstep/data/batch_plan.h>
#include <lockstep/data/block_order.h>
#include <lockstep/data/dataset.h>

#include "batch_key.h"
#include "strand_windows.h"

namespace lockstep {

/// Reads the batches of block-shuffled passes by way of memory: the windows at hand of this rank's strands,
/// and ahead of time, a batch's worth with every batch, their next windows, so that every batch takes about
/// as long.
class WindowReader {
public:
    struct Options {
        BlockShuffle shuffle;
        std::uint64_t batch_size;
        std::uint64_t seed;
        bool targets;  // whether to read them, and the weights
    };

    /// `mine`: this rank's samples of a batch of full size. Allocates all windows. Precondition:
    /// serves(shuffle, batch_size).
    WindowReader(const Dataset& dataset, const BatchPlan::Range& mine, const Options& options);

    /// Whether a strand of a batch lies in one window or two. Where batches are larger, each of them is a
    /// long read anyway.
    static bool serves(const BlockShuffle& shuffle, std::uint64_t batch_size);

    /// This rank's samples of the batch, in the order of `indices`; `position`: of the first of them in the
    /// pass. Throws what the source throws.
    void read(BatchKey key, std::uint64_t position, std::span<const std::uint64_t> indices,
              const SampleRows& out);

private:
    BlockOrder order_of(std::uint64_t pass) const;
    void copy(std::uint64_t pass, const BlockOrder::Place& place, std::span<const std::uint64_t> indices,
              const SampleRows& out);
    void read_ahead(BatchKey key);

    /// A window that is not there yet, and the batch of the pass that will take from it first.
    struct Need {
        std::uint64_t batch, strand;
        SampleWindow* window;
        auto operator<=>(const Need&) const = default;  // what is needed first
    };
    Need need_of(std::size_t mine, BatchKey key, const BlockOrder& order, const BlockOrder& next_pass);

    const Dataset& dataset_;
    Options options_;
    std::uint64_t first_strand_ = 0;
    std::vector<StrandWindows> strands_;  // this rank's
    std::size_t rows_ = 0;                // that they have in a batch
    std::vector<Need> needs_;             // of read_ahead()
};

}  // namespace lockstep
