#pragma once

#include <string>

#include "stall_watch.h"

namespace lockstep {

/// "rank 1 on node07 (process 4242)"
std::string name_rank(int rank, const std::string& host, const RankSnapshot& last);

/// One line about a stalled or a slow rank, `who`.
std::string describe(const StallWatch::Finding& finding, const StallLimits& limits, const std::string& who,
                     const RankSnapshot& last);

}  // namespace lockstep
