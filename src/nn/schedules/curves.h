#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace lockstep {

inline double quotient(std::int64_t step, std::int64_t steps) {
    return static_cast<double>(step) / static_cast<double>(steps);
}

/// From 1 at part = 0 to 0 at part = 1.
inline double half_cosine(double part) {
    return 0.5 * (1.0 + std::cos(std::numbers::pi * part));
}

}  // namespace lockstep
