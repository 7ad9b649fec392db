#include <array>
#include <utility>

#include <lockstep/math/convolution.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "depthwise_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// Sums that registers hold at a time: those of a 3 x 3 kernel.
constexpr std::size_t kMostSums = 9;

/// y = the sums over all taps of `count` windows side by side.
template <std::size_t count>
void sum_taps(const ImageWindows& windows, const float* x, const float* kernel, float* y) {
    for_each_vector(windows.channels, [&](auto part, std::size_t channel) HWY_ATTR {
        Vector sums[count];
        for (Vector& sum : sums) sum = constant(0.0F);
        const float* factors = kernel + channel;
        for (std::size_t row = 0; row < windows.tap_rows; ++row) {
            const float* from = x + channel + row * windows.tap_row_step;
            for (std::size_t column = 0; column < windows.tap_columns; ++column) {
                const Vector factor = part.load(factors);
                for (std::size_t i = 0; i < count; ++i)
                    sums[i] = hn::MulAdd(factor, part.load(from + i * windows.column_step), sums[i]);
                from += windows.tap_column_step;
                factors += windows.channels;
            }
        }
        for (std::size_t i = 0; i < count; ++i) part.store(sums[i], y + channel + i * windows.channels);
    });
}

/// gradient += the sums over a row of windows of `count` taps, which lie at `offsets`.
template <std::size_t count>
void sum_windows(const ImageWindows& windows, const float* x, const std::size_t* offsets, const float* dy,
                 float* gradient) {
    for_each_vector(windows.channels, [&](auto part, std::size_t channel) HWY_ATTR {
        Vector sums[count];
        const float* from[count];
        for (std::size_t i = 0; i < count; ++i) {
            sums[i] = constant(0.0F);
            from[i] = x + channel + offsets[i];
        }
        for (std::size_t column = 0; column < windows.columns; ++column) {
            const Vector slope = part.load(dy + channel + column * windows.channels);
            for (std::size_t i = 0; i < count; ++i)
                sums[i] = hn::MulAdd(slope, part.load(from[i] + column * windows.column_step), sums[i]);
        }
        for (std::size_t i = 0; i < count; ++i) {
            float* const to = gradient + channel + i * windows.channels;
            part.store(hn::Add(part.load(to), sums[i]), to);
        }
    });
}

template <std::size_t... i>
constexpr auto sum_taps_by_count(std::index_sequence<i...> /*counts*/) {
    return std::array{sum_taps<i + 1>...};
}

template <std::size_t... i>
constexpr auto sum_windows_by_count(std::index_sequence<i...> /*counts*/) {
    return std::array{sum_windows<i + 1>...};
}

/// Calls visit(first, count) for parts of [0, size) as equal as can be, of at most kMostSums.
template <typename Visit>
void for_each_part(std::size_t size, Visit visit) {
    const std::size_t parts = (size + kMostSums - 1) / kMostSums;
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t first = size * part / parts;
        visit(first, size * (part + 1) / parts - first);
    }
}

void depthwise(const ImageWindows& windows, const float* x, const float* kernel, float* y) {
    constexpr auto kSums = sum_taps_by_count(std::make_index_sequence<kMostSums>());
    for (std::size_t row = 0; row < windows.rows; ++row) {
        const float* const from = x + row * windows.row_step;
        float* const to = y + row * windows.columns * windows.channels;
        for_each_part(windows.columns, [&](std::size_t first, std::size_t count) {
            kSums[count - 1](windows, from + first * windows.column_step, kernel,
                             to + first * windows.channels);
        });
    }
}

void depthwise_kernel_gradient(const ImageWindows& windows, const float* x, const float* dy,
                               float* gradient) {
    constexpr auto kSums = sum_windows_by_count(std::make_index_sequence<kMostSums>());
    const auto offset = [&](std::size_t tap) {
        return tap / windows.tap_columns * windows.tap_row_step +
               tap % windows.tap_columns * windows.tap_column_step;
    };
    for_each_part(windows.tap_rows * windows.tap_columns, [&](std::size_t first, std::size_t count) {
        std::array<std::size_t, kMostSums> offsets{};
        for (std::size_t i = 0; i < count; ++i) offsets[i] = offset(first + i);
        for (std::size_t row = 0; row < windows.rows; ++row)
            kSums[count - 1](windows, x + row * windows.row_step, offsets.data(),
                             dy + row * windows.columns * windows.channels,
                             gradient + first * windows.channels);
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(depthwise);
HWY_EXPORT(depthwise_kernel_gradient);

void depthwise(const ImageWindows& windows, const float* x, const float* kernel, float* y) {
    HWY_DYNAMIC_DISPATCH(depthwise)(windows, x, kernel, y);
}

void depthwise_kernel_gradient(const ImageWindows& windows, const float* x, const float* dy,
                               float* gradient) {
    HWY_DYNAMIC_DISPATCH(depthwise_kernel_gradient)(windows, x, dy, gradient);
}

}  // namespace lockstep::math
#endif
