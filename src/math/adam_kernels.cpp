#include <lockstep/math/optimizer_kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "adam_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "moving_average_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// `under(part, i, v)` goes under the root.
template <typename Under>
HWY_INLINE void adam_steps(std::span<const float> gradient, const AdamStep& step, std::span<float> m,
                           std::span<float> v, std::span<float> weights, Under under) {
    const Vector rate_1 = constant(1.0 - step.beta_1);
    const Vector rate_2 = constant(1.0 - step.beta_2);
    const Vector alpha = constant(step.alpha);
    const Vector epsilon = constant(step.epsilon);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector first = approach(part, rate_1, g, m.data() + i);
        const Vector second = under(part, i, approach(part, rate_2, hn::Mul(g, g), v.data() + i));
        const Vector change = hn::Div(hn::Mul(alpha, first), hn::Add(hn::Sqrt(second), epsilon));
        part.store(hn::Sub(part.load(weights.data() + i), change), weights.data() + i);
    });
}

void adam(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
          std::span<float> weights) {
    adam_steps(gradient, step, m, v, weights,
               [](auto /*part*/, std::size_t /*i*/, Vector second) HWY_ATTR { return second; });
}

void amsgrad(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
             std::span<float> largest, std::span<float> weights) {
    adam_steps(gradient, step, m, v, weights, [&](auto part, std::size_t i, Vector second) HWY_ATTR {
        const Vector next = hn::Max(part.load(largest.data() + i), second);
        part.store(next, largest.data() + i);
        return next;
    });
}

void nadam(std::span<const float> gradient, const NadamStep& step, std::span<float> m, std::span<float> v,
           std::span<float> weights) {
    const Vector rate_1 = constant(1.0 - step.beta_1);
    const Vector rate_2 = constant(1.0 - step.beta_2);
    const Vector correction = constant(step.correction);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector first = approach(part, rate_1, g, m.data() + i);
        const Vector second = approach(part, rate_2, hn::Mul(g, g), v.data() + i);
        const Vector ahead =
            hn::MulAdd(constant(step.momentum_rate), first, hn::Mul(constant(step.gradient_rate), g));
        const Vector root = hn::Sqrt(hn::Mul(second, correction));
        const Vector change = hn::Div(ahead, hn::Add(root, constant(step.epsilon)));
        part.store(hn::Sub(part.load(weights.data() + i), change), weights.data() + i);
    });
}

void adamax(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> u,
            std::span<float> weights) {
    const Vector rate_1 = constant(1.0 - step.beta_1);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector first = approach(part, rate_1, g, m.data() + i);
        const Vector norm = hn::Max(hn::Mul(constant(step.beta_2), part.load(u.data() + i)), hn::Abs(g));
        part.store(norm, u.data() + i);
        const Vector change =
            hn::Div(hn::Mul(constant(step.alpha), first), hn::Add(norm, constant(step.epsilon)));
        part.store(hn::Sub(part.load(weights.data() + i), change), weights.data() + i);
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(adam);
HWY_EXPORT(amsgrad);
HWY_EXPORT(nadam);
HWY_EXPORT(adamax);

void adam(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
          std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(adam)(gradient, step, m, v, weights);
}

void amsgrad(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
             std::span<float> largest, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(amsgrad)(gradient, step, m, v, largest, weights);
}

void nadam(std::span<const float> gradient, const NadamStep& step, std::span<float> m, std::span<float> v,
           std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(nadam)(gradient, step, m, v, weights);
}

void adamax(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> u,
            std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(adamax)(gradient, step, m, u, weights);
}

}  // namespace lockstep::math
#endif
