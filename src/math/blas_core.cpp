#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include <cblas.h>
#include <unistd.h>

#include <lockstep/math/blas.h>
#include <lockstep/math/blas_core.h>

namespace lockstep::math {
namespace {

using std::string_view_literals::operator""sv;

constexpr const char* kChoice = "OPENBLAS_CORETYPE";
constexpr const char* kRestarted = "LOCKSTEP_BLAS_RESTARTED";

constexpr std::array kAvx512Cores{"SkylakeX"sv, "Cooperlake"sv, "SapphireRapids"sv};
constexpr std::array kAvx2Cores{"Haswell"sv,  "Zen"sv,        "Excavator"sv,
                                "SkylakeX"sv, "Cooperlake"sv, "SapphireRapids"sv};

CpuVectors this_cpu() {
#if defined(__x86_64__)
    return {
        .avx2_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
        .avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
                  __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl"),
    };
#else
    return {};
#endif
}

/// Builds for one CPU ignore the variable.
bool chooses_at_start() {
    return std::string_view(openblas_get_config()).find("DYNAMIC_ARCH") != std::string_view::npos;
}

}  // namespace

std::optional<std::string> better_blas_core(std::string_view chosen, CpuVectors cpu) {
    if (cpu.avx512 && std::ranges::find(kAvx512Cores, chosen) == kAvx512Cores.end()) return "SkylakeX";
    if (cpu.avx2_fma && std::ranges::find(kAvx2Cores, chosen) == kAvx2Cores.end()) return "Haswell";
    return std::nullopt;
}

std::optional<std::string> better_blas_core() {
    if (std::getenv(kChoice) != nullptr || !chooses_at_start()) return std::nullopt;
    return better_blas_core(blas_core(), this_cpu());
}

void restart_with_better_blas_core(char** argv) {
    const auto better = better_blas_core();
    if (!better || std::getenv(kRestarted) != nullptr) return;
    ::setenv(kChoice, better->c_str(), 1);
    ::setenv(kRestarted, "1", 1);
    ::execv("/proc/self/exe", argv);
    ::unsetenv(kChoice);  // still here: go on with what there is
    ::unsetenv(kRestarted);
}

}  // namespace lockstep::math
