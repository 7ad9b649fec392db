#pragma once

#include <cstddef>

/// Loops over the channels of one place, short enough that a call of a kernel would cost more. What is
/// written overlaps nothing that is read.
namespace lockstep {

/// to += factor * from
inline void add_scaled(const float* from, float factor, std::size_t channels, float* to) {
    const float* const __restrict source = from;
    float* const __restrict sum = to;
    for (std::size_t c = 0; c < channels; ++c) sum[c] += factor * source[c];
}

/// to = from * factors, element by element.
inline void multiply(const float* from, const float* factors, std::size_t channels, float* to) {
    const float* const __restrict source = from;
    float* const __restrict product = to;
    for (std::size_t c = 0; c < channels; ++c) product[c] = source[c] * factors[c];
}

}  // namespace lockstep
