#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/comm/session.h>
#include <lockstep/launch/job.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/callback.h>

#include "arguments.h"
#include "data_setup.h"

namespace lockstep {

/// Collective. The job of a file, which rank 0 reads for all, with --set and --weights. Throws ConfigError.
Job read_shared_job(const Session& session, const std::filesystem::path& file, const Arguments& arguments);

/// The built model of a job. Throws ConfigError or ShapeError naming the line.
Sequential build_model(const Job& job);

/// Throws IoError or DataError if the job names initial weights that do not fit its model.
void check_weights(const Job& job, const Sequential& model);

/// The job's callbacks in order, then those that are always on unless the job names them: run log, progress,
/// and the checkpoint after the last epoch. Throws ConfigError.
std::vector<std::shared_ptr<Callback>> make_callbacks(const Job& job);

/// Throws ConfigError if a callback asks for what the training does not have.
void check_callbacks(const Job& job, const std::vector<std::shared_ptr<Callback>>& callbacks,
                     const Sequential& model, const JobData& data);

/// Throws ConfigError naming the line if class_weight does not go with the loss on the outputs of the model.
void check_class_weight(const Job& job, const Sequential& model, const Loss& loss);

/// Collective. All ranks take the vector instructions that every one of them has, so that they compute the
/// same bits; a warning if their matrix kernels differ.
void agree_on_kernels(const Session& session);

/// Facts for checkpoints and the run log: the job, versions, what results depend on.
Config run_notes(const Session& session, const Job& job);

/// Writes job.toml into the run directory. Throws IoError.
void write_job_file(const Job& job, const std::filesystem::path& directory);

}  // namespace lockstep
