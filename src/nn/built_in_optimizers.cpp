#include <lockstep/nn/optimizers/adam.h>
#include <lockstep/nn/optimizers/rmsprop.h>
#include <lockstep/nn/optimizers/sgd.h>

#include "built_in.h"

namespace lockstep::built_in {
namespace {

template <typename T>
void add(Registry<Optimizer>& registry, const char* type) {
    registry.add(type, T::from_config, T::help());
}

}  // namespace

Registry<Optimizer> optimizers() {
    Registry<Optimizer> registry("optimizer");
    add<Adam>(registry, "adam");
    add<Rmsprop>(registry, "rmsprop");
    add<Sgd>(registry, "sgd");
    return registry;
}

}  // namespace lockstep::built_in
