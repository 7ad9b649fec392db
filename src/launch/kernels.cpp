#include "kernels.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <lockstep/log/log.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

void agree_on_kernels(const Session& session) {
    std::int64_t common = math::simd_targets();
    for (const std::string& targets : session.world().all_gather(std::to_string(common)))
        common &= std::stoll(targets);
    math::limit_simd_targets(common);
    const std::vector<std::string> cores = session.world().all_gather(math::blas_core());
    const auto other =
        std::ranges::find_if(cores, [&](const std::string& core) { return core != cores.front(); });
    if (session.is_root() && other != cores.end())
        log::warning(
            "rank 0 has OpenBLAS kernels for {}, rank {} for {}: set OPENBLAS_CORETYPE to one that all CPUs "
            "have, or results depend on which rank runs where",
            cores.front(), other - cores.begin(), *other);
}

}  // namespace lockstep
