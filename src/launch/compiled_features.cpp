// Compiled like the rest of the library, so that the compiler's own macros tell what it may use. Data only:
// whoever asks may run on a CPU that has none of it.
#include "compiled_features.h"

namespace lockstep {
namespace {

constexpr std::uint32_t bit(CpuFeature feature) {
    return static_cast<std::uint32_t>(feature);
}

}  // namespace

extern constinit const std::uint32_t kCompiledFeatures = 0
#ifdef __SSE4_2__
                                                         | bit(CpuFeature::sse4_2)
#endif
#ifdef __AVX__
                                                         | bit(CpuFeature::avx)
#endif
#ifdef __AVX2__
                                                         | bit(CpuFeature::avx2)
#endif
#ifdef __FMA__
                                                         | bit(CpuFeature::fma)
#endif
#ifdef __BMI2__
                                                         | bit(CpuFeature::bmi2)
#endif
#ifdef __AVX512F__
                                                         | bit(CpuFeature::avx512f)
#endif
#ifdef __AVX512BW__
                                                         | bit(CpuFeature::avx512bw)
#endif
#ifdef __AVX512DQ__
                                                         | bit(CpuFeature::avx512dq)
#endif
#ifdef __AVX512VL__
                                                         | bit(CpuFeature::avx512vl)
#endif
#ifdef __AVX512VNNI__
                                                         | bit(CpuFeature::avx512vnni)
#endif
    ;

}  // namespace lockstep
