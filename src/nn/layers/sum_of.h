#pragma once

#include <array>
#include <cstddef>

namespace lockstep {

/// term(0) + ... + term(count - 1), in sixteen lanes, of which the compiler makes vectors.
template <typename Term>
double sum_of(std::size_t count, Term term) {
    constexpr std::size_t kLanes = 16;
    std::array<float, kLanes> lanes{};
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
    double sum = 0.0;
    for (; i < count; ++i) sum += static_cast<double>(term(i));
    for (const float lane : lanes) sum += static_cast<double>(lane);
    return sum;
}

}  // namespace lockstep
