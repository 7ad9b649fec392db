#pragma once

#include <chrono>
#include <optional>

#include <lockstep/launch/job.h>

namespace lockstep {

/// When training has to stop: run.stop_before ahead of the end of the job. That is `slurm_end`, the value of
/// SLURM_JOB_END_TIME (Unix seconds), or else run.time_limit after the program was `started`. None without
/// run.stop_before. Throws ConfigError if nobody knows the end.
std::optional<Deadline> find_deadline(const Job& job, std::chrono::system_clock::time_point started,
                                      const char* slurm_end);

}  // namespace lockstep
