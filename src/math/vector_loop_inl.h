// Loops over vectors, once per instruction set: Highway's kind of include guard, which lets the file in again
// for each.
#if defined(LOCKSTEP_MATH_VECTOR_LOOP_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef LOCKSTEP_MATH_VECTOR_LOOP_INL_H
#undef LOCKSTEP_MATH_VECTOR_LOOP_INL_H
#else
#define LOCKSTEP_MATH_VECTOR_LOOP_INL_H
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lockstep::math::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Vector = hn::Vec<Floats>;
using Bytes = hn::Rebind<std::uint8_t, Floats>;

/// All lanes of a vector lie in the span.
struct Whole {
    Vector load(const float* from) const { return hn::LoadU(Floats(), from); }
    void store(Vector vector, float* to) const { hn::StoreU(vector, Floats(), to); }
    hn::Vec<Bytes> load(const std::uint8_t* from) const { return hn::LoadU(Bytes(), from); }
    Vector or_else(Vector vector, Vector /*missing*/) const { return vector; }
};

/// Only the first `count` lanes do: the same arithmetic on them, and no access to memory beyond.
struct Part {
    std::size_t count;

    Vector load(const float* from) const {
        const Floats d;
        if constexpr (kMasksGuardMemory) {
            return hn::MaskedLoad(hn::FirstN(d, count), d, from);
        } else {
            HWY_ALIGN float lanes[hn::MaxLanes(Floats())] = {};
            hn::SafeCopyN(count, d, from, lanes);
            return hn::Load(d, lanes);
        }
    }

    void store(Vector vector, float* to) const {
        const Floats d;
        if constexpr (kMasksGuardMemory) {
            hn::BlendedStore(vector, hn::FirstN(d, count), d, to);
        } else {
            HWY_ALIGN float lanes[hn::MaxLanes(Floats())];
            hn::Store(vector, d, lanes);
            hn::SafeCopyN(count, d, lanes, to);
        }
    }

    hn::Vec<Bytes> load(const std::uint8_t* from) const {
        HWY_ALIGN std::uint8_t lanes[hn::MaxLanes(Floats())] = {};
        for (std::size_t i = 0; i < count; ++i) lanes[i] = from[i];
        return hn::LoadU(Bytes(), lanes);
    }

    /// `missing` in the lanes beyond.
    Vector or_else(Vector vector, Vector missing) const {
        return hn::IfThenElse(hn::FirstN(Floats(), count), vector, missing);
    }

    // AVX2 masks 32-bit lanes in hardware; Highway's flag speaks of all widths.
    static constexpr bool kMasksGuardMemory = !HWY_MEM_OPS_MIGHT_FAULT || HWY_TARGET == HWY_AVX2;
};

/// Calls step(Whole(), first) for each whole vector of [0, size), then step(Part{rest}, first) for what is
/// left.
template <typename Step>
HWY_INLINE void for_each_vector(std::size_t size, Step step) {
    const std::size_t lanes = hn::Lanes(Floats());
    std::size_t i = 0;
    for (; i + lanes <= size; i += lanes) step(Whole(), i);
    if (i < size) step(Part{size - i}, i);
}

HWY_INLINE Vector constant(float value) {
    return hn::Set(Floats(), value);
}
HWY_INLINE Vector constant(double value) {
    return hn::Set(Floats(), static_cast<float>(value));
}

}  // namespace lockstep::math::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
