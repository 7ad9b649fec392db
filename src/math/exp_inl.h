// exp() once per instruction set; the include guard is Highway's kind.
#if defined(LOCKSTEP_MATH_EXP_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCKSTEP_MATH_EXP_INL_H
#undef LOCKSTEP_MATH_EXP_INL_H
#else
#define LOCKSTEP_MATH_EXP_INL_H
#endif

#include <hwy/contrib/math/math-inl.h>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// exp(x) for x <= 0 or NaN. Highway's own makes 0 of NaN, which would hide that training diverged.
HWY_INLINE Vector exp_of_negative(Vector x) {
    return hn::IfThenElse(hn::IsNaN(x), x, hn::Exp(Floats(), x));
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
