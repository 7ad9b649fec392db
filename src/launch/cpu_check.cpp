// Compiled for the oldest CPU of its architecture (see CMakeLists.txt), and without the C++ library, most of
// which is templates that the linker may take from a file compiled for a newer one.
#include "cpu_check.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "build_info.h"
#include "compiled_features.h"

namespace lockstep {
namespace {

struct NamedFeature {
    CpuFeature feature;
    const char* name;
};

constexpr NamedFeature kFeatures[] = {
    {CpuFeature::sse4_2, "sse4.2"},     {CpuFeature::avx, "avx"},
    {CpuFeature::avx2, "avx2"},         {CpuFeature::fma, "fma"},
    {CpuFeature::bmi2, "bmi2"},         {CpuFeature::avx512f, "avx512f"},
    {CpuFeature::avx512bw, "avx512bw"}, {CpuFeature::avx512dq, "avx512dq"},
    {CpuFeature::avx512vl, "avx512vl"}, {CpuFeature::avx512vnni, "avx512vnni"},
};

constexpr std::uint32_t bit(CpuFeature feature) {
    return static_cast<std::uint32_t>(feature);
}

/// One rank per node speaks.
bool speaks() {
    for (const char* name : {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID"}) {
        const char* value = std::getenv(name);
        if (value != nullptr) return std::strcmp(value, "0") == 0;
    }
    return true;
}

[[gnu::constructor(101)]] void check_before_everything_else() {
    char missing[256];
    if (missing_features(kCompiledFeatures, available_features(), missing, sizeof missing) == 0) return;
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    if (speaks())
        std::fprintf(stderr,
                     "lockstep: built for the CPU \"%s\" on host %s; the CPU of host %s lacks: %s. Rebuild "
                     "there, or for all "
                     "of your machines with cmake --preset release -DLOCKSTEP_ARCH=x86-64-v2\n",
                     build_architecture(), build_host(), host, missing);
    _exit(1);
}

}  // namespace

int missing_features(std::uint32_t compiled, std::uint32_t available, char* text, std::size_t size) {
    int count = 0;
    std::size_t used = 0;
    text[0] = '\0';
    for (const NamedFeature& feature : kFeatures) {
        if ((compiled & ~available & bit(feature.feature)) == 0) continue;
        ++count;
        const std::size_t needed = std::strlen(feature.name) + (used == 0 ? 0 : 1);
        if (used + needed >= size) continue;
        std::snprintf(text + used, size - used, "%s%s", used == 0 ? "" : " ", feature.name);
        used += needed;
    }
    return count;
}

#if defined(__x86_64__)
std::uint32_t available_features() {
    __builtin_cpu_init();
    std::uint32_t features = 0;
    if (__builtin_cpu_supports("sse4.2")) features |= bit(CpuFeature::sse4_2);
    if (__builtin_cpu_supports("avx")) features |= bit(CpuFeature::avx);
    if (__builtin_cpu_supports("avx2")) features |= bit(CpuFeature::avx2);
    if (__builtin_cpu_supports("fma")) features |= bit(CpuFeature::fma);
    if (__builtin_cpu_supports("bmi2")) features |= bit(CpuFeature::bmi2);
    if (__builtin_cpu_supports("avx512f")) features |= bit(CpuFeature::avx512f);
    if (__builtin_cpu_supports("avx512bw")) features |= bit(CpuFeature::avx512bw);
    if (__builtin_cpu_supports("avx512dq")) features |= bit(CpuFeature::avx512dq);
    if (__builtin_cpu_supports("avx512vl")) features |= bit(CpuFeature::avx512vl);
    if (__builtin_cpu_supports("avx512vnni")) features |= bit(CpuFeature::avx512vnni);
    return features;
}
#else
std::uint32_t available_features() {
    return ~std::uint32_t{0};
}
#endif

void require_cpu() {}

}  // namespace lockstep
