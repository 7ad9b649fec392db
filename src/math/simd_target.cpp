#include <hwy/highway.h>

#include <lockstep/core/error.h>
#include <lockstep/math/kernels.h>

namespace lockstep::math {

std::int64_t simd_targets() {
    return hwy::SupportedTargets() & HWY_TARGETS;
}

void limit_simd_targets(std::int64_t targets) {
    hwy::DisableTargets(0);
    if ((targets & simd_targets()) == 0) {
        throw Error(
            "SIMD targets: expected one that this CPU and this build have, got none of them; build with "
            "LOCKSTEP_ARCH empty to have them all");
    }
    hwy::DisableTargets(~targets);
}

const char* simd_target_name() {
    const std::int64_t targets = simd_targets();
    return hwy::TargetName(targets & -targets);  // the lowest bit is the best set
}

}  // namespace lockstep::math
