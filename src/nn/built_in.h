#pragma once

#include <lockstep/nn/registry.h>

/// Registries that hold the built-in types: their factories and what `lockstep list` says of them.
namespace lockstep::built_in {

Registry<Initializer> initializers();
Registry<Layer> layers();
Registry<Loss> losses();
Registry<Metric> metrics();
Registry<Optimizer> optimizers();
Registry<Schedule> schedules();

}  // namespace lockstep::built_in
