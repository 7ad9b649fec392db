#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace lockstep {

/// The largest values of each channel so far, and which they were: the bits of `where` are numbers.
struct RunningMaximum {
    float* largest;  // [channels]
    float* where;    // [channels]
    std::size_t channels;

    void clear() const {
        for (std::size_t c = 0; c < channels; ++c) largest[c] = -std::numeric_limits<float>::infinity();
        for (std::size_t c = 0; c < channels; ++c) where[c] = 0.0F;
    }

    /// The first of equal values stays; NaN is larger than all.
    void add(const float* values, std::uint32_t number) const {
        const float mark = std::bit_cast<float>(number);
        const float* const __restrict from = values;
        float* const __restrict to = largest;
        float* const __restrict at = where;
        for (std::size_t c = 0; c < channels; ++c) {
            const bool larger = (from[c] > to[c]) | std::isnan(from[c]);  // without a branch
            to[c] = larger ? from[c] : to[c];
            at[c] = larger ? mark : at[c];
        }
    }
};

}  // namespace lockstep
