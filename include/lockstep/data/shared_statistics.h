#pragma once

#include <cstddef>

#include <lockstep/comm/session.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/feature_statistics.h>

namespace lockstep {

enum class SamplePart { inputs, targets };

/// Collective. Statistics of `part` of all samples of `data`; a sample of more than `features` numbers, whose
/// last axis or axes these are, counts as several rows. The ranks share the samples, in pieces that depend on
/// the data alone, and the pieces are merged in order: the same bits on every rank of any number of them.
/// Throws DataError, IoError.
FeatureStatistics share_statistics(const Session& session, const Dataset& data, SamplePart part,
                                   std::size_t features);

}  // namespace lockstep
