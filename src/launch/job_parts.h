#pragma once

#include <memory>
#include <vector>

#include <lockstep/launch/job.h>
#include <lockstep/nn/loss.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/train/callback.h>

#include "data_setup.h"

namespace lockstep {

/// What the tables of a job name.
struct JobParts {
    Sequential model;  // built
    std::unique_ptr<Loss> loss;
    /// In order, then those that are always on unless the job names them: run log, progress, and the
    /// checkpoint after the last epoch.
    std::vector<std::shared_ptr<Callback>> callbacks;
};

/// Makes them; also what the trainer makes for itself, to see that it can be made. Throws ConfigError or
/// ShapeError naming the line.
JobParts make_parts(const Job& job);

/// The built model of a job. Throws ConfigError or ShapeError naming the line.
Sequential build_model(const Job& job);

/// Throws ConfigError, ShapeError or DataError unless they go together with each other and the data.
void check_parts(const Job& job, const JobParts& parts, const JobData& data);

/// Throws IoError or DataError if the job names initial weights that do not fit its model.
void check_weights(const Job& job, const Sequential& model);

}  // namespace lockstep
