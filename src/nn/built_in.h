#pragma once

#include <string>

#include <lockstep/nn/registry.h>

/// Registries that hold the built-in types: their factories and what `lockstep list` says of them.
namespace lockstep::built_in {

/// Adds a type that says its own help and reads its own keys.
template <typename T, typename Kind>
void add(Registry<Kind>& registry, const std::string& type) {
    registry.add(type, T::from_config, T::help());
}

Registry<Constraint> constraints();
Registry<Initializer> initializers();
Registry<Layer> layers();
Registry<Loss> losses();
Registry<Metric> metrics();
Registry<Optimizer> optimizers();
Registry<Regularizer> regularizers();
Registry<Schedule> schedules();

}  // namespace lockstep::built_in
