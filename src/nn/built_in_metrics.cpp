#include <lockstep/nn/accuracy.h>
#include <lockstep/nn/error_metric.h>
#include <lockstep/nn/precision.h>

#include "built_in.h"
#include "construct.h"

namespace lockstep::built_in {
namespace {

TypeHelp::Key name_key() {
    return {"name", "the type", "the key in logs"};
}

template <typename T>
std::unique_ptr<Metric> make_plain(const Config& /*keys*/) {
    return std::make_unique<T>();
}

TypeHelp::Key threshold_key() {
    return {"threshold", "0.5", "outputs above it count as 1"};
}

template <typename T>
std::unique_ptr<Metric> make_with_threshold(const Config& keys) {
    const typename T::Options defaults;
    return construct_from<T>(keys, {.threshold = keys.get("threshold", defaults.threshold)});
}

template <ErrorMetric::Kind kind>
std::unique_ptr<Metric> make_error(const Config& /*keys*/) {
    return std::make_unique<ErrorMetric>(kind);
}

}  // namespace

Registry<Metric> metrics() {
    Registry<Metric> registry("metric");
    registry.add("accuracy", make_plain<Accuracy>,
                 {.summary = "binary, sparse or categorical accuracy, whichever fits outputs and targets",
                  .keys = {name_key()}});
    registry.add("binary_accuracy", make_with_threshold<BinaryAccuracy>,
                 {.summary = "part of the outputs on the right side of a threshold",
                  .keys = {threshold_key(), name_key()}});
    registry.add("precision", make_with_threshold<Precision>,
                 {.summary = "part of the predicted positives that are positive",
                  .keys = {threshold_key(), name_key()}});
    registry.add(
        "recall", make_with_threshold<Recall>,
        {.summary = "part of the positives that are predicted", .keys = {threshold_key(), name_key()}});
    registry.add(
        "categorical_accuracy", make_plain<CategoricalAccuracy>,
        {.summary = "how often the largest output is where the largest target is", .keys = {name_key()}});
    registry.add("sparse_categorical_accuracy", make_plain<SparseCategoricalAccuracy>,
                 {.summary = "how often the largest output is the class whose number is the target",
                  .keys = {name_key()}});
    for (const std::string type : {"mean_absolute_error", "mae"})
        registry.add(
            type, make_error<ErrorMetric::Kind::absolute>,
            {.summary = "mean of |output - target|, in the units of the targets", .keys = {name_key()}});
    for (const std::string type : {"mean_squared_error", "mse"})
        registry.add(
            type, make_error<ErrorMetric::Kind::squared>,
            {.summary = "mean of (output - target)^2, in the units of the targets", .keys = {name_key()}});
    return registry;
}

}  // namespace lockstep::built_in
