#pragma once

#include <filesystem>

#include <lockstep/core/config.h>
#include <lockstep/launch/job.h>

namespace lockstep {

// The tables of a job file. All throw ConfigError naming file, line and key.

/// [run], which may be absent. `file`: the job file, for the name of the run.
RunSection read_run(const Config& run, const std::filesystem::path& file);

/// What of [data] does not depend on the source, from job.data.
void read_data(Job& job);

/// [training]
TrainingSection read_training(const Config& training);

}  // namespace lockstep
