#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <lockstep/data/batch_plan.h>
#include <lockstep/data/block_order.h>
#include <lockstep/data/dataset.h>

#include "batch_key.h"
#include "sample_window.h"

namespace lockstep {

/// Reads the batches of block-shuffled passes by way of memory: this rank's samples of the window at hand,
/// and as much of the next window as goes with the batches of this one that are done, so that every batch
/// takes about as long.
class WindowReader {
public:
    struct Options {
        BlockShuffle shuffle;
        std::uint64_t batch_size;
        std::uint64_t seed;
        bool targets;  // whether to read them, and the weights
    };

    /// Allocates both windows. Precondition: serves(shuffle, batch_size).
    WindowReader(const Dataset& dataset, const BatchPlan& plan, const Options& options);

    /// Whether a batch lies in at most two windows: all but the last of a pass have window - 1 whole blocks.
    /// Where batches are larger, each of them is a long read anyway.
    static bool serves(const BlockShuffle& shuffle, std::uint64_t batch_size) {
        return (shuffle.window - 1) * shuffle.block >= batch_size;
    }

    /// This rank's samples of the batch, in the order of `indices`. Throws what the source throws.
    void read(BatchKey key, std::span<const std::uint64_t> indices, const SampleRows& out);

private:
    BlockOrder order_of(std::uint64_t pass) const;
    SampleWindow& at(std::uint64_t pass, const BlockOrder::Window& window, const SampleWindow* kept);
    void list(std::uint64_t pass, const BlockOrder::Window& window,
              std::vector<std::uint64_t>& samples) const;
    void read_ahead(std::uint64_t pass, std::uint64_t end, const SampleWindow& current);

    const Dataset& dataset_;
    const BatchPlan& plan_;
    Options options_;
    std::array<SampleWindow, 2> windows_;
};

}  // namespace lockstep
