// Element by element, once per instruction set; the include guard is Highway's kind.
#if defined(LOCKSTEP_MATH_MAP_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCKSTEP_MATH_MAP_INL_H
#undef LOCKSTEP_MATH_MAP_INL_H
#else
#define LOCKSTEP_MATH_MAP_INL_H
#endif

#include <span>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// y = f(x)
template <typename Function>
HWY_INLINE void map(std::span<const float> x, std::span<float> y, Function function) {
    for_each_vector(y.size(), [&](auto part, std::size_t i)
                                  HWY_ATTR { part.store(function(part.load(x.data() + i)), y.data() + i); });
}

/// dx = f(y, dy)
template <typename Function>
HWY_INLINE void map(std::span<const float> y, std::span<const float> dy, std::span<float> dx,
                    Function function) {
    for_each_vector(dx.size(), [&](auto part, std::size_t i) HWY_ATTR {
        part.store(function(part.load(y.data() + i), part.load(dy.data() + i)), dx.data() + i);
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
