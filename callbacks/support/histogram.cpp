#include "histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lockstep {

namespace {

/// All but the bins.
Histogram moments_of(std::span<const float> values) {
    Histogram all{.min = std::numeric_limits<double>::infinity(),
                  .max = -std::numeric_limits<double>::infinity()};
    for (const double value : values) {
        if (!std::isfinite(value)) {
            ++all.non_finite;
            continue;
        }
        ++all.count;
        all.min = std::min(all.min, value);
        all.max = std::max(all.max, value);
        all.sum += value;
        all.sum_squares += value * value;
    }
    if (all.count == 0) all.min = all.max = 0.0;
    return all;
}

}  // namespace

Histogram histogram_of(std::span<const float> values, std::size_t bins) {
    Histogram result = moments_of(values);
    const double range = result.max - result.min;
    if (range == 0.0) {
        result.limits = {result.max};
        result.counts = {static_cast<double>(result.count)};
        return result;
    }
    const auto number = static_cast<double>(bins);
    for (std::size_t bin = 1; bin < bins; ++bin)
        result.limits.push_back(result.min + range * static_cast<double>(bin) / number);
    result.limits.push_back(result.max);
    result.counts.assign(bins, 0.0);
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        const auto bin = static_cast<std::size_t>((value - result.min) / range * number);
        result.counts[std::min(bin, bins - 1)] += 1.0;
    }
    return result;
}

}  // namespace lockstep
