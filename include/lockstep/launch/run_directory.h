#pragma once

#include <filesystem>
#include <string>

#include <lockstep/launch/job.h>

namespace lockstep {

/// Where the command line wants a run to live.
struct RunRequest {
    std::filesystem::path run_dir;  // --run-dir; empty: <run.directory>/<run.name>
    std::string resume;             // --resume: a directory, "auto", or empty
    bool overwrite = false;         // --overwrite
};

/// Where it lives.
struct RunPlace {
    std::filesystem::path directory;
    std::filesystem::path checkpoint;  // to continue from; empty: from the beginning
};

/// Throws ConfigError if the flags contradict each other. `--resume DIR` alone also sets run_dir.
RunRequest checked(RunRequest request);

/// Finds the directory of a run and makes it. A new run gets <run.directory>/<run.name>, or <name>-2, ... if
/// that exists; two programs that start at once get two. Rank 0 calls it. Throws ConfigError (--run-dir holds
/// a run already; nothing to resume), IoError.
RunPlace place_run(const RunRequest& request, const RunSection& run);

/// Whether training has begun there: a run that failed before has left its job file and messages only.
bool holds_run(const std::filesystem::path& directory);

/// Where the run keeps its checkpoints, the one that is written when all epochs are done, and the one of a
/// stop on request.
std::filesystem::path checkpoint_directory(const std::filesystem::path& run);
std::filesystem::path final_checkpoint(const std::filesystem::path& run);
std::filesystem::path stop_checkpoint(const std::filesystem::path& run);

}  // namespace lockstep
