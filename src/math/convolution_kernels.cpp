#include <algorithm>
#include <array>
#include <utility>

#include <lockstep/math/convolution.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "convolution_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// A product out [count, filters] of which registers hold some sums at a time: term k of sum i is
/// a[i * a_step + place(k)] * b[k, filter], where the places of the terms are rows of columns.
struct Product {
    const float* a;
    std::size_t a_step;
    std::size_t rows, row_step, columns, column_step;  // of the terms
    const float* b;
    std::size_t filters;
    float* out;
    bool add;  // to what is there
};

/// Two vectors of sums fill the registers with two more for factors, and leave one for a.
constexpr std::size_t kMostSums = HWY_TARGET <= HWY_AVX3 ? 12 : 6;

template <std::size_t count, std::size_t vectors, typename AnyPart>
HWY_INLINE void multiply(const Product& p, AnyPart part) {
    const std::size_t lanes = hn::Lanes(Floats());
    Vector sums[vectors][count];
    for (auto& of_vector : sums)
        for (Vector& sum : of_vector) sum = constant(0.0F);
    const float* b = p.b;
    for (std::size_t row = 0; row < p.rows; ++row) {
        const float* a = p.a + row * p.row_step;
        for (std::size_t column = 0; column < p.columns; ++column) {
            Vector factors[vectors];
            for (std::size_t v = 0; v < vectors; ++v) factors[v] = part.load(b + v * lanes);
            for (std::size_t i = 0; i < count; ++i) {
                const Vector value = constant(a[i * p.a_step]);
                for (std::size_t v = 0; v < vectors; ++v)
                    sums[v][i] = hn::MulAdd(value, factors[v], sums[v][i]);
            }
            a += p.column_step;
            b += p.filters;
        }
    }
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t v = 0; v < vectors; ++v) {
            float* const to = p.out + i * p.filters + v * lanes;
            part.store(p.add ? hn::Add(part.load(to), sums[v][i]) : sums[v][i], to);
        }
}

/// For all filters.
template <std::size_t count>
void multiply(Product p) {
    const std::size_t pair = 2 * hn::Lanes(Floats());
    std::size_t left = p.filters;
    for (; left >= pair; left -= pair, p.b += pair, p.out += pair) multiply<count, 2>(p, Whole());
    for (std::size_t some = 0; left > 0; left -= some, p.b += some, p.out += some) {
        some = std::min(left, pair / 2);
        multiply<count, 1>(p, Part{some});
    }
}

template <std::size_t... i>
constexpr auto multiply_by_count(std::index_sequence<i...> /*counts*/) {
    return std::array{multiply<i + 1>...};
}

/// For [0, size) sums in parts as equal as can be.
template <typename MakeProduct>
void multiply_parts(std::size_t size, MakeProduct product) {
    constexpr auto kMultiply = multiply_by_count(std::make_index_sequence<kMostSums>());
    const std::size_t parts = (size + kMostSums - 1) / kMostSums;
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t first = size * part / parts;
        kMultiply[size * (part + 1) / parts - first - 1](product(first));
    }
}

void convolve(const ImageWindows& windows, const float* x, const float* kernel, std::size_t filters,
              float* y) {
    const auto& w = windows;
    for (std::size_t row = 0; row < w.rows; ++row)
        multiply_parts(w.columns, [&](std::size_t first) {
            return Product{.a = x + row * w.row_step + first * w.column_step,
                           .a_step = w.column_step,
                           .rows = w.tap_rows,
                           .row_step = w.tap_row_step,
                           .columns = w.tap_columns * w.channels,
                           .column_step = 1,
                           .b = kernel,
                           .filters = filters,
                           .out = y + (row * w.columns + first) * filters,
                           .add = false};
        });
}

void convolve_kernel_gradient(const ImageWindows& windows, const float* x, const float* dy,
                              std::size_t filters, float* gradient) {
    constexpr std::size_t kWindows = 64;  // that stay in the cache
    const auto& w = windows;
    const std::size_t band = std::max(std::size_t{1}, kWindows / w.columns),
                      entries = w.tap_columns * w.channels;
    for (std::size_t row = 0; row < w.rows; row += band)
        for (std::size_t tap_row = 0; tap_row < w.tap_rows; ++tap_row)
            multiply_parts(entries, [&](std::size_t first) {
                return Product{.a = x + row * w.row_step + tap_row * w.tap_row_step + first,
                               .a_step = 1,
                               .rows = std::min(band, w.rows - row),
                               .row_step = w.row_step,
                               .columns = w.columns,
                               .column_step = w.column_step,
                               .b = dy + row * w.columns * filters,
                               .filters = filters,
                               .out = gradient + (tap_row * entries + first) * filters,
                               .add = true};
            });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(convolve);
HWY_EXPORT(convolve_kernel_gradient);

void convolve(const ImageWindows& windows, const float* x, const float* kernel, std::size_t filters,
              float* y) {
    HWY_DYNAMIC_DISPATCH(convolve)(windows, x, kernel, filters, y);
}

void convolve_kernel_gradient(const ImageWindows& windows, const float* x, const float* dy,
                              std::size_t filters, float* gradient) {
    HWY_DYNAMIC_DISPATCH(convolve_kernel_gradient)(windows, x, dy, filters, gradient);
}

}  // namespace lockstep::math
#endif
