#pragma once

#include <cstddef>

/// Loops over the channels of one place, short enough that a call of a kernel would cost more. What is
/// written overlaps nothing that is read.
namespace lockstep {

/// to += factor * from
inline void add_scaled(const float* __restrict from, float factor, std::size_t channels,
                       float* __restrict to) {
    for (std::size_t c = 0; c < channels; ++c) to[c] += factor * from[c];
}

/// to = from * factors, element by element.
inline void multiply(const float* __restrict from, const float* __restrict factors, std::size_t channels,
                     float* __restrict to) {
    for (std::size_t c = 0; c < channels; ++c) to[c] = from[c] * factors[c];
}

}  // namespace lockstep
