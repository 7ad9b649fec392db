#include <lockstep/nn/metrics/accuracy.h>
#include <lockstep/nn/metrics/precision.h>

#include "built_in.h"

namespace lockstep::built_in {
namespace {

template <typename T>
void add(Registry<Metric>& registry, const char* type) {
    registry.add(type, T::from_config, T::help());
}

}  // namespace

Registry<Metric> metrics() {
    Registry<Metric> registry("metric");
    add<Accuracy>(registry, "accuracy");
    add<BinaryAccuracy>(registry, "binary_accuracy");
    add<CategoricalAccuracy>(registry, "categorical_accuracy");
    add<Precision>(registry, "precision");
    add<Recall>(registry, "recall");
    add<SparseCategoricalAccuracy>(registry, "sparse_categorical_accuracy");
    return registry;
}

}  // namespace lockstep::built_in
