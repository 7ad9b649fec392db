#include <lockstep/math/kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "function_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "function_inl.h"
#include "map_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

/// Calls use(f) with the function of that name.
template <typename Use>
HWY_INLINE void with(Function function, float a, Use use) {
    switch (function) {
        case Function::elu:
            return use(Elu{1.0F, a});
        case Function::exponential:
            return use(Exponential());
        case Function::gelu:
            return use(Gelu());
        case Function::gelu_tanh:
            return use(GeluTanh());
        case Function::hard_sigmoid:
            return use(HardSigmoid());
        case Function::hard_silu:
            return use(HardSilu());
        case Function::hard_tanh:
            return use(Clamp{-1.0F, 1.0F});
        case Function::leaky_relu:
            return use(LeakyRelu{a});
        case Function::mish:
            return use(Mish());
        case Function::relu6:
            return use(Clamp{0.0F, 6.0F});
        case Function::selu:
            return use(Elu{1.05070098735548049342F, 1.67326324235437728482F});
        case Function::silu:
            return use(Silu());
        case Function::softplus:
            return use(Softplus());
        case Function::softsign:
            return use(Softsign());
    }
}

void apply(Function function, float a, std::span<const float> x, std::span<float> y) {
    with(function, a,
         [&](const auto& f) HWY_ATTR { map(x, y, [&](Vector value) HWY_ATTR { return f.value(value); }); });
}

void apply_gradient(Function function, float a, std::span<const float> known, std::span<const float> dy,
                    std::span<float> dx) {
    with(function, a, [&](const auto& f) HWY_ATTR {
        map(known, dy, dx,
            [&](Vector value, Vector gradient) HWY_ATTR { return hn::Mul(gradient, f.slope(value)); });
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(apply);
HWY_EXPORT(apply_gradient);

void apply(Function function, float a, std::span<const float> x, std::span<float> y) {
    HWY_DYNAMIC_DISPATCH(apply)(function, a, x, y);
}

void apply_gradient(Function function, float a, std::span<const float> known, std::span<const float> dy,
                    std::span<float> dx) {
    HWY_DYNAMIC_DISPATCH(apply_gradient)(function, a, known, dy, dx);
}

bool slope_needs_input(Function function) {
    switch (function) {
        case Function::gelu:
        case Function::gelu_tanh:
        case Function::hard_silu:
        case Function::mish:
        case Function::silu:
            return true;
        default:
            return false;
    }
}

}  // namespace lockstep::math
#endif
