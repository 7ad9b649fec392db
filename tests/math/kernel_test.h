#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/random.h>

namespace lockstep::math {

/// Lengths around every vector width, and longer than any unrolling.
inline constexpr std::size_t kLongest = 70;
/// Where a span starts, in elements: a kernel must not need an aligned one.
inline constexpr std::size_t kOffsets = 5;
/// What surrounds a span, to show that a kernel writes nothing but the span.
inline constexpr float kGuard = -12345.0F;

inline std::vector<float> normal_values(std::size_t size, std::uint64_t seed) {
    std::vector<float> values(size);
    RandomStream(seed, Purpose::noise).normal(0, 0, values);
    return values;
}

/// A span of `values` that starts `offset` elements into memory of exactly the size needed, between guards.
class Guarded {
public:
    Guarded(const std::vector<float>& values, std::size_t offset)
        : memory_(offset + values.size() + 1, kGuard), offset_(offset) {
        std::copy(values.begin(), values.end(), memory_.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    Guarded(std::size_t size, std::size_t offset) : Guarded(std::vector<float>(size), offset) {}

    std::span<float> span() { return std::span(memory_).subspan(offset_, memory_.size() - offset_ - 1); }
    std::vector<float> values() { return {span().begin(), span().end()}; }

    bool untouched_outside() const {
        for (std::size_t i = 0; i < offset_; ++i) {
            if (memory_[i] != kGuard) return false;
        }
        return memory_.back() == kGuard;
    }

private:
    std::vector<float> memory_;
    std::size_t offset_;
};

/// Runs check(size, offset) for every length and every start of a span.
template <typename Check>
void for_each_span(Check check) {
    for (std::size_t size = 1; size <= kLongest; ++size) {
        for (std::size_t offset = 0; offset < kOffsets; ++offset) {
            SCOPED_TRACE("size " + std::to_string(size) + ", offset " + std::to_string(offset));
            check(size, offset);
            if (::testing::Test::HasFailure()) return;
        }
    }
}

/// Equal but for rounding: `ulps` steps of a float of the expected value's size.
inline void expect_close(double got, double expected, double ulps = 4, double absolute = 1e-37) {
    const double tolerance = ulps * std::abs(expected) * 0x1p-23 + absolute;
    EXPECT_LE(std::abs(got - expected), tolerance) << "expected " << expected << ", got " << got;
}

}  // namespace lockstep::math
