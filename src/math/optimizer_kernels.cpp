#include <lockstep/math/kernels.h>
#include <lockstep/math/optimizer_kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "optimizer_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "moving_average_inl.h"

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

/// -1, 0 or 1; NaN stays NaN.
HWY_INLINE Vector sign(Vector value) {
    const Vector zero = hn::Zero(Floats());
    const Vector one = hn::CopySign(constant(1.0F), value);
    return hn::IfThenElse(hn::Or(hn::Lt(value, zero), hn::Gt(value, zero)), one, value);
}

void lion(std::span<const float> gradient, const LionStep& step, std::span<float> m,
          std::span<float> weights) {
    const Vector rate = constant(step.rate);
    for_each_vector(weights.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector g = part.load(gradient.data() + i);
        const Vector kept = hn::Mul(constant(step.beta_1), part.load(m.data() + i));
        const Vector way = sign(hn::MulAdd(constant(1.0 - step.beta_1), g, kept));
        moved(part, step.beta_2, g, m.data() + i);
        part.store(hn::NegMulAdd(rate, way, part.load(weights.data() + i)), weights.data() + i);
    });
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

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(sgd);
HWY_EXPORT(sgd_momentum);
HWY_EXPORT(lion);
HWY_EXPORT(follow);
HWY_EXPORT(rmsprop);

void sgd(std::span<const float> gradient, float rate, std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(sgd)(gradient, rate, weights);
}

void lion(std::span<const float> gradient, const LionStep& step, std::span<float> m,
          std::span<float> weights) {
    HWY_DYNAMIC_DISPATCH(lion)(gradient, step, m, weights);
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

}  // namespace lockstep::math
#endif
