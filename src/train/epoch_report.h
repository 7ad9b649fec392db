#pragma once

#include <lockstep/train/logs.h>

#include "trainer_state.h"

namespace lockstep {

/// Collective, after the training batches of an epoch. Brings to rank 0 where the time of all ranks went, for
/// TrainingRun::timings(), and what was recorded on them, for the logs. `timing`: of this rank. Throws Error,
/// on all ranks, if ranks merge one recorded name in different ways.
void report_epoch(Trainer::State& state, const RankTiming& timing, Logs& logs);

}  // namespace lockstep
