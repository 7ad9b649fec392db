#include "rank_places.h"

#include <sstream>
#include <string>

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <lockstep/math/blas.h>

namespace lockstep {

namespace {

std::int64_t cores_of_this_process() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 0;
}

}  // namespace

std::vector<RankPlace> gather_rank_places(const Session& session) {
    const std::string mine =
        fmt::format("{} {} {} {}", session.host(), getpid(), cores_of_this_process(), math::blas_core());
    std::vector<RankPlace> places;
    for (const std::string& text : session.world().all_gather(mine)) {
        std::istringstream in(text);
        RankPlace& place = places.emplace_back();
        in >> place.host >> place.pid >> place.cores >> place.blas_core;
    }
    return places;
}

}  // namespace lockstep
