#include <lockstep/math/kernels.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "vector_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "vector_loop_inl.h"

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

void add(std::span<const float> a, std::span<const float> b, std::span<float> out) {
    for_each_vector(out.size(), [&](auto part, std::size_t i) HWY_ATTR {
        part.store(hn::Add(part.load(a.data() + i), part.load(b.data() + i)), out.data() + i);
    });
}

void scale(std::span<const float> a, float factor, std::span<float> out) {
    const Vector factors = constant(factor);
    for_each_vector(out.size(), [&](auto part, std::size_t i) HWY_ATTR {
        part.store(hn::Mul(part.load(a.data() + i), factors), out.data() + i);
    });
}

// The value stands second in Min and Max: x86 returns the second one if either is NaN.
void clip(std::span<float> values, float limit) {
    const Vector highest = constant(limit);
    const Vector lowest = constant(-limit);
    for_each_vector(values.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector value = part.load(values.data() + i);
        part.store(hn::Min(highest, hn::Max(lowest, value)), values.data() + i);
    });
}

void from_bytes(std::span<const std::uint8_t> bytes, float factor, float offset, std::span<float> out) {
    const hn::Rebind<std::int32_t, Floats> integers;
    const Vector factors = constant(factor);
    const Vector offsets = constant(offset);
    for_each_vector(out.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector value = hn::ConvertTo(Floats(), hn::PromoteTo(integers, part.load(bytes.data() + i)));
        part.store(hn::MulAdd(value, factors, offsets), out.data() + i);
    });
}

void affine(std::span<const float> a, std::span<const float> factor, std::span<const float> offset,
            std::span<float> out) {
    for_each_vector(out.size(), [&](auto part, std::size_t i) HWY_ATTR {
        const Vector value = part.load(a.data() + i);
        part.store(hn::MulAdd(value, part.load(factor.data() + i), part.load(offset.data() + i)),
                   out.data() + i);
    });
}

void add_bias(std::span<const float> bias, std::size_t rows, std::span<float> values) {
    for (std::size_t row = 0; row < rows; ++row) {
        float* const first = values.data() + row * bias.size();
        for_each_vector(bias.size(), [&](auto part, std::size_t i) HWY_ATTR {
            part.store(hn::Add(part.load(first + i), part.load(bias.data() + i)), first + i);
        });
    }
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lockstep::math {

HWY_EXPORT(add);
HWY_EXPORT(scale);
HWY_EXPORT(clip);
HWY_EXPORT(from_bytes);
HWY_EXPORT(affine);
HWY_EXPORT(add_bias);

void add(std::span<const float> a, std::span<const float> b, std::span<float> out) {
    HWY_DYNAMIC_DISPATCH(add)(a, b, out);
}

void scale(std::span<const float> a, float factor, std::span<float> out) {
    HWY_DYNAMIC_DISPATCH(scale)(a, factor, out);
}

void clip(std::span<float> values, float limit) {
    HWY_DYNAMIC_DISPATCH(clip)(values, limit);
}

void from_bytes(std::span<const std::uint8_t> bytes, float factor, float offset, std::span<float> out) {
    HWY_DYNAMIC_DISPATCH(from_bytes)(bytes, factor, offset, out);
}

void affine(std::span<const float> a, std::span<const float> factor, std::span<const float> offset,
            std::span<float> out) {
    HWY_DYNAMIC_DISPATCH(affine)(a, factor, offset, out);
}

void add_bias(std::span<const float> bias, std::size_t rows, std::span<float> values) {
    HWY_DYNAMIC_DISPATCH(add_bias)(bias, rows, values);
}

}  // namespace lockstep::math
#endif
