#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/launch/job.h>
#include <lockstep/train/checkpoint.h>

#include "arguments.h"

namespace lockstep {

/// A trained network and what is known of its training.
struct SavedRun {
    std::filesystem::path checkpoint;  // where the weights are: also a file of Keras
    CheckpointInfo info;
    std::optional<Job> job;  // none: a program made it, without a job file
};

/// The checkpoint that a run directory or a file name means. `choice`: "last", "best" (checkpoints/best.h5)
/// or a file, in the directory or anywhere. Throws ConfigError saying what there is.
std::filesystem::path find_checkpoint(const std::filesystem::path& target, const std::string& choice);

/// Collective. What a command line means: a run directory, a checkpoint or a job file, and --weights. Throws
/// ConfigError or IoError.
SavedRun open_saved_run(const Session& session, const Arguments& arguments);

/// The data that --data means, or else the job's test data, or its validation data; not scaled.
/// `with_targets`: whether data without them will not do. Throws ConfigError, DataError or IoError; wrap it
/// in Session::together.
Dataset open_evaluation_data(const SavedRun& saved, const std::string& data, bool with_targets);

/// What a trainer needs to compute with the saved weights, on any number of ranks.
TrainerOptions saved_options(const SavedRun& saved);

}  // namespace lockstep
