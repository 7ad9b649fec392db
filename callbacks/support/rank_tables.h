#pragma once

#include <lockstep/io/table_file.h>
#include <lockstep/train/training_run.h>

namespace lockstep {

/// Where each rank runs: one row each.
inline constexpr const char* kRankPlaceTable = "/ranks/info";
void append_rank_places(io::TableFile& file, const TrainingRun& run);

/// What each rank spent an epoch's time on, /ranks/timing: a row per rank and epoch.
void describe_rank_timings(io::TableFile& file);
void append_rank_timings(io::TableFile& file, const TrainingRun& run, int epoch);

}  // namespace lockstep
