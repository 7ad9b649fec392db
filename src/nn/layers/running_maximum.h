#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace lockstep {

/// The largest values of each channel so far, and which they were: the bits of `where` are numbers.
class RunningMaximum {
public:
    RunningMaximum(float* largest, float* where, std::size_t channels)
        : largest_(largest), where_(where), channels_(channels) {}

    /// The first values.
    void start(const float* values) const {
        std::copy_n(values, channels_, largest_);
        std::fill_n(where_, channels_, std::bit_cast<float>(std::uint32_t{0}));
    }

    /// The values of this number, at least 1. The first of equal values stays; NaN is larger than all.
    void add(const float* values, std::uint32_t number) const {
        keep_larger(values, std::bit_cast<float>(number), channels_, largest_, where_);
    }

private:
    static void keep_larger(const float* __restrict values, float mark, std::size_t channels,
                            float* __restrict largest, float* __restrict where) {
        for (std::size_t c = 0; c < channels; ++c) {
            const bool larger = (values[c] > largest[c]) | std::isnan(values[c]);  // without a branch
            largest[c] = larger ? values[c] : largest[c];
            where[c] = larger ? mark : where[c];
        }
    }

    float* largest_;  // [channels]
    float* where_;    // [channels]
    std::size_t channels_;
};

}  // namespace lockstep
