#pragma once

#include <cstddef>
#include <span>

#include "crossentropy.h"

namespace lockstep {

/// Sums over a sample: of its outputs, its targets and their products.
struct Overlap {
    double outputs, targets, both;
};

inline Overlap overlap(std::span<const float> output, std::span<const float> target) {
    Overlap sums{};
    for (std::size_t i = 0; i < output.size(); ++i) {
        const auto value = static_cast<double>(output[i]), wanted = static_cast<double>(target[i]);
        sums.outputs += value;
        sums.targets += wanted;
        sums.both += value * wanted;
    }
    return sums;
}

}  // namespace lockstep
