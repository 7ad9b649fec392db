#pragma once

#include <optional>
#include <string>

#include <lockstep/comm/session.h>
#include <lockstep/launch/job.h>
#include <lockstep/launch/run_directory.h>
#include <lockstep/train/checkpoint.h>

namespace lockstep {

/// Where a training begins.
struct RunStart {
    RunPlace place;
    std::optional<CheckpointInfo>
        resumed;               // of the checkpoint that it goes on from; none: from the beginning
    std::string warning = {};  // why the results will not be those of a run without a stop; empty: they will
};

/// Collective. Finds the run directory that the command line wants, and makes it. Throws ConfigError, also if
/// the job is not the one that the run began with, or IoError.
RunStart find_start(const Session& session, const RunRequest& request, const Job& job);

/// Whether nothing is left to do: the last checkpoint is the final one, of all epochs or of a job with no
/// fewer, which may have stopped early.
bool is_finished(const RunStart& start, const Job& job);

}  // namespace lockstep
