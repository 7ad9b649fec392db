#pragma once

#include <cstdint>

namespace lockstep {

/// Instruction sets that a compiler can be told to use, one bit each.
enum class CpuFeature : std::uint32_t {
    sse4_2 = 1U << 0,
    avx = 1U << 1,
    avx2 = 1U << 2,
    fma = 1U << 3,
    bmi2 = 1U << 4,
    avx512f = 1U << 5,
    avx512bw = 1U << 6,
    avx512dq = 1U << 7,
    avx512vl = 1U << 8,
    avx512vnni = 1U << 9,
};

/// Those that this library was compiled with.
extern const std::uint32_t kCompiledFeatures;

}  // namespace lockstep
