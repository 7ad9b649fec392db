#include <lockstep/nn/losses/binary_crossentropy.h>
#include <lockstep/nn/losses/categorical_crossentropy.h>
#include <lockstep/nn/losses/mean_absolute_error.h>
#include <lockstep/nn/losses/mean_squared_error.h>
#include <lockstep/nn/losses/sparse_categorical_crossentropy.h>

#include "built_in.h"

namespace lockstep::built_in {
namespace {

template <typename T>
void add(Registry<Loss>& registry, const char* type) {
    registry.add(type, T::from_config, T::help());
}

}  // namespace

Registry<Loss> losses() {
    Registry<Loss> registry("loss");
    add<BinaryCrossentropy>(registry, "binary_crossentropy");
    add<CategoricalCrossentropy>(registry, "categorical_crossentropy");
    add<MeanAbsoluteError>(registry, "mae");
    add<MeanAbsoluteError>(registry, "mean_absolute_error");
    add<MeanSquaredError>(registry, "mean_squared_error");
    add<MeanSquaredError>(registry, "mse");
    add<SparseCategoricalCrossentropy>(registry, "sparse_categorical_crossentropy");
    return registry;
}

}  // namespace lockstep::built_in
