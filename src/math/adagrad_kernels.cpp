#include <lockstep/math/optimizer_kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "adagrad_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "moving_average_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// sum + value^2, kept in `sum`.
template <typename AnyPart>
HWY_INLINE Vector add_square(AnyPart part, Vector value, float* sum) {
    const Vector next = hn::MulAdd(value, value, part.load(sum));
    part.store(next, sum);
    return next;
}

void adagrad(std::span<const float> gradient, const AdagradStep& step, std::span<float> sum,
             std::span<float> weights) {
    const Vector rate = constant(step.rate);
    const Vector offset = constant(step.offset);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector root = hn::Sqrt(hn::Add(add_square(part, g, sum.data() + i), offset));
        const Vector change = hn::Div(hn::Mul(rate, g), root);
        part.store(hn::Sub(part.load(weights.data() + i), change), weights.data() + i);
    });
}

void adadelta(std::span<const float> gradient, const AdadeltaStep& step, std::span<float> v,
              std::span<float> c, std::span<float> weights) {
    const Vector rate = constant(step.rate);
    const Vector epsilon = constant(step.epsilon);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector below = hn::Sqrt(hn::Add(moved(part, step.rho, hn::Mul(g, g), v.data() + i), epsilon));
        const Vector above = hn::Sqrt(hn::Add(part.load(c.data() + i), epsilon));
        const Vector change = hn::Div(hn::Mul(above, g), below);
        moved(part, step.rho, hn::Mul(change, change), c.data() + i);
        part.store(hn::NegMulAdd(rate, change, part.load(weights.data() + i)), weights.data() + i);
    });
}

/// sqrt(n') - sqrt(n) is written as g^2 / (sqrt(n') + sqrt(n)), which does not cancel.
void ftrl(std::span<const float> gradient, const FtrlStep& step, std::span<float> sum,
          std::span<float> linear, std::span<float> weights) {
    const Vector per_rate = constant(1.0 / step.rate);
    const Vector offset = constant(step.offset);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector w = part.load(weights.data() + i);
        const Vector before = hn::Sqrt(hn::Add(part.load(sum.data() + i), offset));
        const Vector after = hn::Sqrt(hn::Add(add_square(part, g, sum.data() + i), offset));
        const Vector growth = hn::Div(hn::Mul(g, g), hn::Add(before, after));
        const Vector slope = hn::MulAdd(constant(2.0 * step.l2_shrinkage), w, g);
        const Vector change = hn::NegMulAdd(hn::Mul(growth, per_rate), w, slope);
        const Vector z = hn::Add(part.load(linear.data() + i), change);
        part.store(z, linear.data() + i);
        const Vector inside = hn::Min(hn::Max(z, constant(-step.l1)), constant(step.l1));
        const Vector quadratic = hn::MulAdd(after, per_rate, constant(2.0 * step.l2));
        part.store(hn::Div(hn::Sub(inside, z), quadratic), weights.data() + i);
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(adagrad);
HWY_EXPORT(adadelta);
HWY_EXPORT(ftrl);

void adagrad(std::span<const float> gradient, const AdagradStep& step, std::span<float> sum,
             std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(adagrad)(gradient, step, sum, weights);
}

void adadelta(std::span<const float> gradient, const AdadeltaStep& step, std::span<float> v,
              std::span<float> c, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(adadelta)(gradient, step, v, c, weights);
}

void ftrl(std::span<const float> gradient, const FtrlStep& step, std::span<float> sum,
          std::span<float> linear, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(ftrl)(gradient, step, sum, linear, weights);
}

}  // namespace lockstep::math
#endif
