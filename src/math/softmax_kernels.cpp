#include <cmath>
#include <limits>

#include <lockstep/math/kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "softmax_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "exp_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

HWY_INLINE Vector lowest() {
    return constant(std::numeric_limits<float>::lowest());
}

/// The whole row in one vector.
HWY_INLINE void softmax_narrow_row(Part row, const float* x, float* y) {
    const Vector values = row.load(x);
    const Vector highest = hn::MaxOfLanes(Floats(), row.or_else(values, lowest()));
    const Vector powers = row.or_else(exp_of_negative(hn::Sub(values, highest)), constant(0.0F));
    row.store(hn::Div(powers, hn::SumOfLanes(Floats(), powers)), y);
}

/// The highest of a row, in every lane.
HWY_INLINE Vector highest_of(std::size_t columns, const float* x) {
    Vector highest = lowest();
    for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
        highest = hn::Max(highest, part.or_else(part.load(x + i), lowest()));
    });
    return hn::MaxOfLanes(Floats(), highest);
}

HWY_INLINE void softmax_wide_row(std::size_t columns, const float* x, float* y) {
    const Vector highest = highest_of(columns, x);

    Vector sums = constant(0.0F);
    for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
        const Vector powers = exp_of_negative(hn::Sub(part.load(x + i), highest));
        part.store(powers, y + i);
        sums = hn::Add(sums, part.or_else(powers, constant(0.0F)));
    });
    const Vector sum = hn::SumOfLanes(Floats(), sums);

    for_each_vector(columns, [&](auto part, std::size_t i)
                                 HWY_ATTR { part.store(hn::Div(part.load(y + i), sum), y + i); });
}

void softmax(std::span<const float> x, std::size_t rows, std::span<float> y) {
    if (rows == 0) return;
    const std::size_t columns = y.size() / rows;
    const bool narrow = columns <= hn::Lanes(Floats());
    for (std::size_t first = 0; first < y.size(); first += columns) {
        if (narrow) {
            softmax_narrow_row(Part{columns}, x.data() + first, y.data() + first);
        } else {
            softmax_wide_row(columns, x.data() + first, y.data() + first);
        }
    }
}

HWY_INLINE void softmax_backward_row(std::size_t columns, const float* y, const float* dy, float* dx) {
    Vector products = constant(0.0F);
    for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
        products = hn::MulAdd(part.load(y + i), part.load(dy + i), products);
    });
    const Vector sum = hn::SumOfLanes(Floats(), products);
    for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
        part.store(hn::Mul(part.load(y + i), hn::Sub(part.load(dy + i), sum)), dx + i);
    });
}

void softmax_backward(std::span<const float> y, std::span<const float> dy, std::size_t rows,
                      std::span<float> dx) {
    if (rows == 0) return;
    const std::size_t columns = y.size() / rows;
    for (std::size_t first = 0; first < y.size(); first += columns) {
        softmax_backward_row(columns, y.data() + first, dy.data() + first, dx.data() + first);
    }
}

void log_softmax(std::span<const float> x, std::size_t rows, std::span<float> y) {
    if (rows == 0) return;
    const std::size_t columns = y.size() / rows;
    for (std::size_t first = 0; first < y.size(); first += columns) {
        const float* from = x.data() + first;
        float* to = y.data() + first;
        const Vector highest = highest_of(columns, from);
        Vector sums = constant(0.0F);
        for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
            const Vector power = exp_of_negative(hn::Sub(part.load(from + i), highest));
            sums = hn::Add(sums, part.or_else(power, constant(0.0F)));
        });
        const Vector log_sum = constant(std::log(hn::GetLane(hn::SumOfLanes(Floats(), sums))));
        for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
            part.store(hn::Sub(hn::Sub(part.load(from + i), highest), log_sum), to + i);
        });
    }
}

void log_softmax_backward(std::span<const float> y, std::span<const float> dy, std::size_t rows,
                          std::span<float> dx) {
    if (rows == 0) return;
    const std::size_t columns = y.size() / rows;
    for (std::size_t first = 0; first < y.size(); first += columns) {
        Vector sums = constant(0.0F);
        for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
            sums = hn::Add(sums, part.or_else(part.load(dy.data() + first + i), constant(0.0F)));
        });
        const Vector sum = hn::SumOfLanes(Floats(), sums);
        for_each_vector(columns, [&](auto part, std::size_t i) HWY_ATTR {
            const Vector probability = exp_of_negative(part.load(y.data() + first + i));
            part.store(hn::NegMulAdd(probability, sum, part.load(dy.data() + first + i)),
                       dx.data() + first + i);
        });
    }
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(log_softmax);
HWY_EXPORT(log_softmax_backward);
HWY_EXPORT(softmax);
HWY_EXPORT(softmax_backward);

void log_softmax(std::span<const float> x, std::size_t rows, std::span<float> y) {
    HWY_DYNAMIC_DISPATCH(log_softmax)(x, rows, y);
}

void log_softmax_backward(std::span<const float> y, std::span<const float> dy, std::size_t rows,
                          std::span<float> dx) {
    HWY_DYNAMIC_DISPATCH(log_softmax_backward)(y, dy, rows, dx);
}

void softmax(std::span<const float> x, std::size_t rows, std::span<float> y) {
    HWY_DYNAMIC_DISPATCH(softmax)(x, rows, y);
}

void softmax_backward(std::span<const float> y, std::span<const float> dy, std::size_t rows,
                      std::span<float> dx) {
    HWY_DYNAMIC_DISPATCH(softmax_backward)(y, dy, rows, dx);
}

}  // namespace lockstep::math
#endif
