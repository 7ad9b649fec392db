#include <algorithm>

#include <lockstep/math/kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sum_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

using Doubles = hn::ScalableTag<double>;

using DoubleVector = hn::Vec<Doubles>;

struct Square {
    static DoubleVector add(DoubleVector value, DoubleVector sum) { return hn::MulAdd(value, value, sum); }
};

struct Magnitude {
    static DoubleVector add(DoubleVector value, DoubleVector sum) { return hn::Add(hn::Abs(value), sum); }
};

/// Four sums of terms in double precision, so that one addition need not wait for the one before.
template <typename Term>
struct Sums {
    DoubleVector sums[4];

    // Written out: a generated one would not be compiled for the instruction set.
    Sums() {
        for (auto& sum : sums) sum = hn::Zero(Doubles());
    }

    static std::size_t block() { return 4 * hn::Lanes(Doubles()); }

    void add(const float* values) {
        const hn::Rebind<float, Doubles> halves;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto value = hn::PromoteTo(Doubles(), hn::LoadU(halves, values + i * hn::Lanes(Doubles())));
            sums[i] = Term::add(value, sums[i]);
        }
    }

    double total() const {
        const auto all = hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
        return hn::GetLane(hn::SumOfLanes(Doubles(), all));
    }
};

template <typename Term>
double sum_of(std::span<const float> values) {
    Sums<Term> sums;
    std::size_t i = 0;
    for (; i + sums.block() <= values.size(); i += sums.block()) sums.add(values.data() + i);
    if (i < values.size()) {
        HWY_ALIGN float rest[4 * hn::MaxLanes(Doubles())] = {};
        std::copy(values.begin() + static_cast<std::ptrdiff_t>(i), values.end(), rest);
        sums.add(rest);
    }
    return sums.total();
}

double sum_of_squares(std::span<const float> values) {
    return sum_of<Square>(values);
}

double sum_of_magnitudes(std::span<const float> values) {
    return sum_of<Magnitude>(values);
}

bool all_finite(std::span<const float> values) {
    auto finite = hn::FirstN(Floats(), hn::Lanes(Floats()));
    for_each_vector(values.size(), [&](auto part, std::size_t i) HWY_ATTR {
        finite = hn::And(finite, hn::IsFinite(part.load(values.data() + i)));
    });
    return hn::AllTrue(Floats(), finite);
}

/// The sum of `rows` vectors that lie `stride` apart, by four sums of every fourth row.
template <typename AnyPart>
HWY_INLINE Vector sum_column(AnyPart part, const float* first, std::size_t rows, std::size_t stride) {
    Vector sums[4] = {constant(0.0F), constant(0.0F), constant(0.0F), constant(0.0F)};
    std::size_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        for (std::size_t i = 0; i < 4; ++i) sums[i] = hn::Add(sums[i], part.load(first + (row + i) * stride));
    }
    for (; row < rows; ++row) sums[0] = hn::Add(sums[0], part.load(first + row * stride));
    return hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3]));
}

// Sums of blocks of rows are added up, which keeps a block in the cache for all its columns, and the error of
// long sums small.
void sum_rows(std::span<const float> gradient, std::size_t rows, std::span<float> bias_gradient) {
    constexpr std::size_t kBlock = 64;
    const std::size_t columns = bias_gradient.size();
    std::ranges::fill(bias_gradient, 0.0F);
    for (std::size_t first = 0; first < rows; first += kBlock) {
        const float* const block = gradient.data() + first * columns;
        const std::size_t count = std::min(kBlock, rows - first);
        for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
            float* const sum = bias_gradient.data() + i;
            part.store(hn::Add(part.load(sum), sum_column(part, block + i, count, columns)), sum);
        });
    }
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(sum_of_squares);
HWY_EXPORT(sum_of_magnitudes);
HWY_EXPORT(all_finite);
HWY_EXPORT(sum_rows);

double sum_of_squares(std::span<const float> values) {
    return HWY_DYNAMIC_DISPATCH(sum_of_squares)(values);
}

double sum_of_magnitudes(std::span<const float> values) {
    return HWY_DYNAMIC_DISPATCH(sum_of_magnitudes)(values);
}

bool all_finite(std::span<const float> values) {
    return HWY_DYNAMIC_DISPATCH(all_finite)(values);
}

void sum_rows(std::span<const float> gradient, std::size_t rows, std::span<float> bias_gradient) {
    HWY_DYNAMIC_DISPATCH(sum_rows)(gradient, rows, bias_gradient);
}

}  // namespace lockstep::math
#endif
