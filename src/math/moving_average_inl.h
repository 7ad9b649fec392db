// Running averages kept beside the weights, once per instruction set (see vector_loop_inl.h).
#if defined(LOCKSTEP_MATH_MOVING_AVERAGE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCKSTEP_MATH_MOVING_AVERAGE_INL_H
#undef LOCKSTEP_MATH_MOVING_AVERAGE_INL_H
#else
#define LOCKSTEP_MATH_MOVING_AVERAGE_INL_H
#endif

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// decay * average + (1 - decay) * value, kept in `average`.
template <typename AnyPart>
HWY_INLINE Vector moved(AnyPart part, double decay, Vector value, float* average) {
    const Vector next =
        hn::MulAdd(constant(1.0 - decay), value, hn::Mul(constant(decay), part.load(average)));
    part.store(next, average);
    return next;
}

/// average + (value - average) * rate, kept in `average`.
template <typename AnyPart>
HWY_INLINE Vector approach(AnyPart part, Vector rate, Vector value, float* average) {
    const Vector last = part.load(average);
    const Vector next = hn::MulAdd(hn::Sub(value, last), rate, last);
    part.store(next, average);
    return next;
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
