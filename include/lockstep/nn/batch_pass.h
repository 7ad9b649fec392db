#pragma once

#include <span>

#include <lockstep/core/random.h>
#include <lockstep/core/shard_rows.h>
#include <lockstep/nn/shard_sums.h>

namespace lockstep {

/// The rows that this rank has of a batch, on their way through one layer.
struct BatchPass {
    bool training = false;
    RandomStream random;                              // keyed by (seed, layer, pass)
    std::span<const ShardRows> shards;                // of this rank; any of them may have no rows
    std::span<const std::span<const float>> weights;  // in the order of weights(), of one array
    std::span<float> saved;  // saved_floats_per_sample() x rows, kept from forward to backward
    ShardSums* sums;         // never null
};

}  // namespace lockstep
