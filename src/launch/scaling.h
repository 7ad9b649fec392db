#pragma once

#include <optional>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/feature_scaling.h>
#include <lockstep/launch/job.h>

namespace lockstep {

/// What `normalize` and `normalize_targets` made of the training data.
struct Scaling {
    std::optional<FeatureScaling> inputs, targets;

    bool empty() const { return !inputs && !targets; }
    Dataset apply(const Dataset& data) const { return empty() ? data : data.scaled(inputs, targets); }
};

/// Collective. From the statistics of the training data: the same bits on any number of ranks. One warning
/// names constant columns. Throws DataError (NaN or infinite values), IoError.
Scaling fit_scaling(const Session& session, const Job& job, const Dataset& train);

}  // namespace lockstep
