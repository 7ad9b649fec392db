#pragma once

#include <vector>

#include <lockstep/comm/session.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// Collective. Where each rank runs, by rank.
std::vector<RankPlace> gather_rank_places(const Session& session);

}  // namespace lockstep
