#pragma once

#include <string>

#include <lockstep/core/config.h>

namespace lockstep {

/// The range that a random factor is drawn from.
struct FactorRange {
    double lower = 0.0;
    double upper = 0.0;

    /// `uniform`: in [0, 1).
    double at(float uniform) const { return lower + (upper - lower) * static_cast<double>(uniform); }

    /// Keras' factor: [lower, upper], or a number f for [-|f|, |f|]. Throws ConfigError unless
    /// -1 <= lower <= upper <= 1.
    static FactorRange read(const Config& keys, const std::string& key);
};

}  // namespace lockstep
