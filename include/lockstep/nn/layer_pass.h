#pragma once

#include <cstdint>
#include <span>

#include <lockstep/core/random.h>

namespace lockstep {

/// One shard on its way through one layer.
struct LayerPass {
    bool training = false;
    RandomStream random;         // keyed by (seed, layer, pass); used with position + row
    std::uint64_t position = 0;  // place in the pass over the data of the shard's first row
    std::span<const std::span<const float>> weights;  // in the order of weights()
    std::span<float> saved;  // saved_floats_per_sample() x rows, kept from forward to backward
};

}  // namespace lockstep
