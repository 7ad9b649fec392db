#pragma once

#include <lockstep/launch/job.h>

namespace lockstep {

/// Throws ConfigError naming every setting that differs between the job that a run began with and the one it
/// should continue with, with both values. epochs, callbacks, logging, names and paths may differ.
void require_same_job(const Config& began, const Config& now);

}  // namespace lockstep
