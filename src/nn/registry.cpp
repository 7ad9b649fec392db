#include <lockstep/nn/metrics/loss_metric.h>
#include <lockstep/nn/registry.h>

#include "built_in.h"

namespace lockstep {

namespace {

/// Every loss is a metric, too, unless there is one of that name.
void add_loss(Registry<Metric>& metrics, const std::string& type, const Registry<Loss>& losses) {
    if (metrics.contains(type)) return;
    metrics.add(
        type,
        [make = losses.factory(type)](const Config& keys) {
            return std::make_unique<LossMetric>(make(keys));
        },
        losses.help(type));
}

Registry<Metric> metrics_and_losses() {
    Registry<Metric> metrics = built_in::metrics();
    const Registry<Loss> losses = built_in::losses();
    for (const std::string& type : losses.types()) add_loss(metrics, type, losses);
    return metrics;
}

}  // namespace

Registry<Layer>& layer_registry() {
    static Registry<Layer> registry = built_in::layers();
    return registry;
}

Registry<Loss>& loss_registry() {
    static Registry<Loss> registry = built_in::losses();
    return registry;
}

Registry<Metric>& metric_registry() {
    static Registry<Metric> registry = metrics_and_losses();
    return registry;
}

Registry<Optimizer>& optimizer_registry() {
    static Registry<Optimizer> registry = built_in::optimizers();
    return registry;
}

Registry<Initializer>& initializer_registry() {
    static Registry<Initializer> registry = built_in::initializers();
    return registry;
}

Registry<Regularizer>& regularizer_registry() {
    static Registry<Regularizer> registry = built_in::regularizers();
    return registry;
}

Registry<Constraint>& constraint_registry() {
    static Registry<Constraint> registry = built_in::constraints();
    return registry;
}

Registry<Schedule>& schedule_registry() {
    static Registry<Schedule> registry = built_in::schedules();
    return registry;
}

void register_layer(const std::string& type, Registry<Layer>::Factory factory, TypeHelp help) {
    layer_registry().add(type, std::move(factory), std::move(help));
}

void register_loss(const std::string& type, Registry<Loss>::Factory factory, TypeHelp help) {
    loss_registry().add(type, std::move(factory), std::move(help));
    add_loss(metric_registry(), type, loss_registry());
}

void register_metric(const std::string& type, Registry<Metric>::Factory factory, TypeHelp help) {
    metric_registry().add(type, std::move(factory), std::move(help));
}

void register_optimizer(const std::string& type, Registry<Optimizer>::Factory factory, TypeHelp help) {
    optimizer_registry().add(type, std::move(factory), std::move(help));
}

void register_initializer(const std::string& type, Registry<Initializer>::Factory factory, TypeHelp help) {
    initializer_registry().add(type, std::move(factory), std::move(help));
}

void register_regularizer(const std::string& type, Registry<Regularizer>::Factory factory, TypeHelp help) {
    regularizer_registry().add(type, std::move(factory), std::move(help));
}

void register_constraint(const std::string& type, Registry<Constraint>::Factory factory, TypeHelp help) {
    constraint_registry().add(type, std::move(factory), std::move(help));
}

void register_schedule(const std::string& type, Registry<Schedule>::Factory factory, TypeHelp help) {
    schedule_registry().add(type, std::move(factory), std::move(help));
}

std::unique_ptr<Layer> make_layer(const Config& config) {
    return layer_registry().make(config);
}

std::unique_ptr<Loss> make_loss(const Config& config) {
    return loss_registry().make(config);
}

std::unique_ptr<Metric> make_metric(const Config& config) {
    std::string name =
        config.is_string() ? config.as<std::string>() : config.get("name", config.get<std::string>("type"));
    std::unique_ptr<Metric> metric = metric_registry().make(config);
    metric->set_name(std::move(name));
    return metric;
}

std::unique_ptr<Optimizer> make_optimizer(const Config& config) {
    return optimizer_registry().make(config);
}

std::unique_ptr<Schedule> make_schedule(const Config& config) {
    return schedule_registry().make(config);
}

std::shared_ptr<const Initializer> make_initializer(const Config& config) {
    return initializer_registry().make(config);
}

std::shared_ptr<const Regularizer> make_regularizer(const Config& config) {
    if (config.is_null()) return nullptr;
    return regularizer_registry().make(config);
}

std::shared_ptr<const Constraint> make_constraint(const Config& config) {
    if (config.is_null()) return nullptr;
    return constraint_registry().make(config);
}

}  // namespace lockstep
