#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lockstep {

/// How values are spread: how many lie in each of several bins of equal width, from the smallest to the
/// largest.
struct Histogram {
    double min = 0, max = 0, sum = 0, sum_squares = 0;
    std::int64_t count = 0;       // of the finite values
    std::int64_t non_finite = 0;  // NaN and infinities, which nothing else here counts
    /// Upper ends of the bins. A value there counts in the next bin; the last end is max, which counts below
    /// it.
    std::vector<double> limits = {};
    std::vector<double> counts = {};  // by bin
};

/// Values that are all equal have one bin, and no finite values one empty bin at 0. Precondition: bins > 0.
Histogram histogram_of(std::span<const float> values, std::size_t bins = 30);

}  // namespace lockstep
