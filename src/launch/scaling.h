#pragma once

#include <optional>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/normalization.h>
#include <lockstep/launch/job.h>

namespace lockstep {

/// What `normalize` and `normalize_targets` made of the training data.
struct Scaling {
    std::optional<Normalization> inputs, targets;

    bool empty() const { return !inputs && !targets; }
    Dataset apply(const Dataset& data) const { return empty() ? data : data.scaled(inputs, targets); }
};

/// Collective. Takes the statistics of the training data: the ranks share the rows, in parts that depend on
/// the data alone, and the parts are merged in order, so that the result is the same bits on any number of
/// ranks. One warning names constant columns. Throws DataError (NaN or infinite values), IoError.
Scaling fit_scaling(const Session& session, const Job& job, const Dataset& train);

}  // namespace lockstep
