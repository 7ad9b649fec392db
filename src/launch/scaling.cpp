#include "scaling.h"

#include <algorithm>
#include <string>
#include <vector>

#include <lockstep/data/shared_statistics.h>
#include <lockstep/log/log.h>

namespace lockstep {
namespace {

/// Whose statistics are taken.
struct Columns {
    const char* key;
    std::string kind;  // "standard" or "minmax"
    SamplePart part;
    std::size_t features;
};

void warn_of_constants(const Columns& columns, const std::vector<std::size_t>& constant) {
    if (constant.empty()) return;
    constexpr std::size_t kShown = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(kShown, constant.size()); ++i)
        names += (i == 0 ? "" : ", ") + std::to_string(constant[i]);
    if (constant.size() > kShown) names += ", ...";
    log::warning("data.{}: {} of {} columns of the {} are constant in the training data and become 0: {}",
                 columns.key, constant.size(), columns.features,
                 columns.part == SamplePart::targets ? "targets" : "inputs", names);
}

FeatureScaling fit(const Session& session, const Dataset& data, const Columns& columns) {
    const FeatureStatistics statistics = share_statistics(session, data, columns.part, columns.features);
    std::vector<std::size_t> constant;
    FeatureScaling scaling;
    session.together([&] { scaling = statistics.scaling(columns.kind, constant); });
    if (session.is_root()) warn_of_constants(columns, constant);
    return scaling;
}

}  // namespace

Scaling fit_scaling(const Session& session, const Job& job, const Dataset& train) {
    Scaling scaling;
    if (!job.normalize.empty())
        scaling.inputs =
            fit(session, train, {"normalize", job.normalize, SamplePart::inputs, train.input_shape().size()});
    if (!job.normalize_targets.empty())
        scaling.targets = fit(
            session, train,
            {"normalize_targets", job.normalize_targets, SamplePart::targets, train.target_shape().size()});
    return scaling;
}

}  // namespace lockstep
