#pragma once

#include <filesystem>

#include <lockstep/comm/session.h>
#include <lockstep/launch/job.h>
#include <lockstep/train/trainer.h>

namespace lockstep {

// What a job says of training, as the library takes it.

/// `directory`: of the run. With the facts that checkpoints and the run log keep: the job, versions, what
/// results depend on.
TrainerOptions trainer_options(const Session& session, const Job& job,
                               const std::filesystem::path& directory);

/// But for data, callbacks and deadline.
FitOptions fit_options(const Job& job);

}  // namespace lockstep
