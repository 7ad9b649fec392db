#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep {

/// The rows of one shard among the rows that this rank has of a batch.
struct ShardRows {
    std::size_t first = 0;       // row of the rank's matrices
    std::size_t count = 0;       // may be 0
    std::uint64_t position = 0;  // place in the pass of its first sample
};

}  // namespace lockstep
