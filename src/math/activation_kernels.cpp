#include <lockstep/math/kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "activation_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "exp_inl.h"
#include "map_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

void relu(std::span<const float> x, std::span<float> y) {
    const Vector zero = constant(0.0F);
    map(x, y, [&](Vector value) HWY_ATTR { return hn::IfThenZeroElse(hn::Lt(value, zero), value); });
}

void relu_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
    const Vector zero = constant(0.0F);
    map(y, dy, dx, [&](Vector value, Vector gradient) HWY_ATTR {
        return hn::IfThenElseZero(hn::Gt(value, zero), gradient);
    });
}

// Written with exp(-|x|), which cannot overflow.
void sigmoid(std::span<const float> x, std::span<float> y) {
    const Vector one = constant(1.0F);
    map(x, y, [&](Vector value) HWY_ATTR {
        const Vector power = exp_of_negative(hn::Neg(hn::Abs(value)));
        const Vector numerator = hn::IfThenElse(hn::Lt(value, hn::Zero(Floats())), power, one);
        return hn::Div(numerator, hn::Add(one, power));
    });
}

void sigmoid_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
    map(y, dy, dx, [&](Vector value, Vector gradient) HWY_ATTR {
        return hn::Mul(gradient, hn::NegMulAdd(value, value, value));
    });
}

void tanh(std::span<const float> x, std::span<float> y) {
    map(x, y, [&](Vector value) HWY_ATTR { return hn::Tanh(Floats(), value); });
}

void tanh_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
    const Vector one = constant(1.0F);
    map(y, dy, dx, [&](Vector value, Vector gradient) HWY_ATTR {
        return hn::Mul(gradient, hn::NegMulAdd(value, value, one));
    });
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(relu);
HWY_EXPORT(relu_backward);
HWY_EXPORT(sigmoid);
HWY_EXPORT(sigmoid_backward);
HWY_EXPORT(tanh);
HWY_EXPORT(tanh_backward);

void relu(std::span<const float> x, std::span<float> y) {
    HWY_DYNAMIC_DISPATCH(relu)(x, y);
}

void relu_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
    HWY_DYNAMIC_DISPATCH(relu_backward)(y, dy, dx);
}

void sigmoid(std::span<const float> x, std::span<float> y) {
    HWY_DYNAMIC_DISPATCH(sigmoid)(x, y);
}

void sigmoid_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
    HWY_DYNAMIC_DISPATCH(sigmoid_backward)(y, dy, dx);
}

void tanh(std::span<const float> x, std::span<float> y) {
    HWY_DYNAMIC_DISPATCH(tanh)(x, y);
}

void tanh_backward(std::span<const float> y, std::span<const float> dy, std::span<float> dx) {
    HWY_DYNAMIC_DISPATCH(tanh_backward)(y, dy, dx);
}

}  // namespace lockstep::math
#endif
