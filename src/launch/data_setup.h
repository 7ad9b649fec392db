#pragma once

#include <optional>

#include <lockstep/comm/session.h>
#include <lockstep/core/config.h>
#include <lockstep/core/shape.h>
#include <lockstep/data/dataset.h>
#include <lockstep/launch/job.h>
#include <lockstep/nn/loss.h>
#include <lockstep/nn/sequential.h>

namespace lockstep {

/// What a job trains on.
struct JobData {
    Dataset train;
    std::optional<Dataset> validation;
};

/// Opens training and validation data; validation_split splits off the last training samples. Throws
/// ConfigError, DataError or IoError; wrap it in Session::together, for a file may be missing on one node
/// only.
JobData open_data(const Job& job);

/// Throws ConfigError or DataError unless the samples fit a built model and its loss; without a loss, targets
/// do not matter.
void check_shapes(const Dataset& data, const Sequential& model, const Loss* loss);
/// The same for a job: its training samples as augmentation leaves them, its validation samples as they are.
void check_shapes(const Job& job, const JobData& data, const Sequential& model, const Loss* loss);

/// Collective. Reads the samples into memory if the job has a cache; training and validation data that were
/// split share it. Throws ConfigError if there is too little memory, DataError or IoError.
void cache_data(const Session& session, const Job& job, JobData& data);

/// Collective. Throws DataError on all ranks if a label is none of the model's classes; each rank looks at a
/// part of the data. Does nothing if the loss takes no labels.
void check_labels(const Session& session, const Dataset& data, const Sequential& model, const Loss& loss);

}  // namespace lockstep
