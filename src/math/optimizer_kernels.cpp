#include <lockstep/math/kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "optimizer_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

void sgd(std::span<const float> gradient, float rate, std::span<float> weights) {
    const Vector rates = constant(rate);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        float* const w = weights.data() + i;
        part.store(hn::NegMulAdd(rates, part.load(gradient.data() + i), part.load(w)), w);
    });
}

void sgd_momentum(std::span<const float> gradient, float rate, float momentum, bool nesterov,
                  std::span<float> velocity, std::span<float> weights) {
    const Vector rates = constant(rate);
    const Vector momenta = constant(momentum);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector step = hn::Mul(rates, part.load(gradient.data() + i));
        const Vector v = hn::MulSub(momenta, part.load(velocity.data() + i), step);
        part.store(v, velocity.data() + i);
        const Vector change = nesterov ? hn::MulSub(momenta, v, step) : v;
        part.store(hn::Add(part.load(weights.data() + i), change), weights.data() + i);
    });
}

/// decay * average + (1 - decay) * value, kept in `average`.
template <typename AnyPart>
HWY_INLINE Vector moved(AnyPart part, double decay, Vector value, float* average) {
    const Vector next =
        hn::MulAdd(constant(1.0 - decay), value, hn::Mul(constant(decay), part.load(average)));
    part.store(next, average);
    return next;
}

void follow(std::span<const float> values, double decay, std::span<float> average) {
    for_each_vector(values.size(), [&](auto part, std::size_t i) HWY_ATTR {
        moved(part, decay, part.load(values.data() + i), average.data() + i);
    });
}

void rmsprop(std::span<const float> gradient, const RmspropStep& step, std::span<float> velocity,
             std::span<float> moment, std::span<float> mean, std::span<float> weights) {
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        Vector variance = moved(part, step.rho, hn::Mul(g, g), velocity.data() + i);
        if (!mean.empty()) {
            const Vector average = moved(part, step.rho, g, mean.data() + i);
            variance = hn::NegMulAdd(average, average, variance);
        }
        const Vector root = hn::Sqrt(hn::Add(variance, constant(step.epsilon)));
        Vector change = hn::Div(hn::Mul(constant(step.rate), g), root);
        if (!moment.empty()) {
            change = hn::MulAdd(constant(step.momentum), part.load(moment.data() + i), change);
            part.store(change, moment.data() + i);
        }
        part.store(hn::Sub(part.load(weights.data() + i), change), weights.data() + i);
    });
}

/// average + (value - average) * rate, kept in `average`.
template <typename AnyPart>
HWY_INLINE Vector approach(AnyPart part, Vector rate, Vector value, float* average) {
    const Vector last = part.load(average);
    const Vector next = hn::MulAdd(hn::Sub(value, last), rate, last);
    part.store(next, average);
    return next;
}

void adam(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
          std::span<float> weights) {
    const Vector rate_1 = constant(1.0 - step.beta_1);
    const Vector rate_2 = constant(1.0 - step.beta_2);
    const Vector alpha = constant(step.alpha);
    const Vector epsilon = constant(step.epsilon);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector first = approach(part, rate_1, g, m.data() + i);
        const Vector second = approach(part, rate_2, hn::Mul(g, g), v.data() + i);
        const Vector change = hn::Div(hn::Mul(alpha, first), hn::Add(hn::Sqrt(second), epsilon));
        part.store(hn::Sub(part.load(weights.data() + i), change), weights.data() + i);
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(sgd);
HWY_EXPORT(sgd_momentum);
HWY_EXPORT(follow);
HWY_EXPORT(rmsprop);
HWY_EXPORT(adam);

void sgd(std::span<const float> gradient, float rate, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(sgd)(gradient, rate, weights);
}

void follow(std::span<const float> values, double decay, std::span<float> average) {
    HWY_DYNAMIC_DISPATCH(follow)(values, decay, average);
}

void sgd_momentum(std::span<const float> gradient, float rate, float momentum, bool nesterov,
                  std::span<float> velocity, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(sgd_momentum)(gradient, rate, momentum, nesterov, velocity, weights);
}

void rmsprop(std::span<const float> gradient, const RmspropStep& step, std::span<float> velocity,
             std::span<float> moment, std::span<float> mean, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(rmsprop)(gradient, step, velocity, moment, mean, weights);
}

void adam(std::span<const float> gradient, const AdamStep& step, std::span<float> m, std::span<float> v,
          std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(adam)(gradient, step, m, v, weights);
}

}  // namespace lockstep::math
#endif
