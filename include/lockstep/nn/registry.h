#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/constraint.h>
#include <lockstep/nn/initializer.h>
#include <lockstep/nn/layer.h>
#include <lockstep/nn/loss.h>
#include <lockstep/nn/metric.h>
#include <lockstep/nn/optimizer.h>
#include <lockstep/nn/regularizer.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// The types that job files and checkpoints can name. The built-in ones are there from the start; a program
/// adds its own before it reads a job:
///
///     register_layer("scale", [](const Config& keys) {
///         return std::make_unique<Scale>(keys.get<double>("factor"));
///     });
///
/// A factory reads its keys from a table; keys that it never asks for are errors of the job file. A
/// registered loss is a metric too.
Registry<Layer>& layer_registry();
Registry<Loss>& loss_registry();
Registry<Metric>& metric_registry();
Registry<Optimizer>& optimizer_registry();
Registry<Initializer>& initializer_registry();
Registry<Regularizer>& regularizer_registry();
Registry<Constraint>& constraint_registry();
Registry<Schedule>& schedule_registry();

void register_layer(const std::string& type, Registry<Layer>::Factory factory, TypeHelp help = {});
void register_loss(const std::string& type, Registry<Loss>::Factory factory, TypeHelp help = {});
void register_metric(const std::string& type, Registry<Metric>::Factory factory, TypeHelp help = {});
void register_optimizer(const std::string& type, Registry<Optimizer>::Factory factory, TypeHelp help = {});
void register_initializer(const std::string& type, Registry<Initializer>::Factory factory,
                          TypeHelp help = {});
void register_regularizer(const std::string& type, Registry<Regularizer>::Factory factory,
                          TypeHelp help = {});
void register_constraint(const std::string& type, Registry<Constraint>::Factory factory, TypeHelp help = {});
void register_schedule(const std::string& type, Registry<Schedule>::Factory factory, TypeHelp help = {});

/// `config` is a string (the type alone) or a table with `type`. Throws ConfigError for an unknown type
/// (naming the nearest) or unknown keys. make_metric() sets the name: the string as written, or the key
/// `name`, or the type.
std::unique_ptr<Layer> make_layer(const Config& config);
std::unique_ptr<Loss> make_loss(const Config& config);
std::unique_ptr<Metric> make_metric(const Config& config);
std::unique_ptr<Optimizer> make_optimizer(const Config& config);
std::unique_ptr<Schedule> make_schedule(const Config& config);

}  // namespace lockstep
