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

void adam_moments(std::span<const float> gradient, double beta_1, double beta_2, std::span<float> m,
                  std::span<float> v) {
    const Vector rate_1 = constant(1.0 - beta_1);
    const Vector rate_2 = constant(1.0 - beta_2);
    for_each_vector(m.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        approach(part, rate_1, g, m.data() + i);
        approach(part, rate_2, hn::Mul(g, g), v.data() + i);
    });
}

void adam_direction(std::span<const float> m, std::span<const float> v, const AdamDirection& direction,
                    std::span<float> out) {
    const Vector epsilon = constant(direction.epsilon);
    for_each_vector(out.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector first = hn::Mul(constant(direction.first), part.load(m.data() + i));
        const Vector root = hn::Sqrt(hn::Mul(constant(direction.second), part.load(v.data() + i)));
        part.store(hn::Div(first, hn::Add(root, epsilon)), out.data() + i);
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
HWY_EXPORT(adam_moments);
HWY_EXPORT(adam_direction);

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

void adam_moments(std::span<const float> gradient, double beta_1, double beta_2, std::span<float> m,
                  std::span<float> v) {
    HWY_DYNAMIC_DISPATCH(adam_moments)(gradient, beta_1, beta_2, m, v);
}

void adam_direction(std::span<const float> m, std::span<const float> v, const AdamDirection& direction,
                    std::span<float> out) {
    HWY_DYNAMIC_DISPATCH(adam_direction)(m, v, direction, out);
}

}  // namespace lockstep::math
#endif
