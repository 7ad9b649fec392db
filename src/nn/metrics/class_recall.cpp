#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/class_recall.h>

#include "metric_shapes.h"

namespace lockstep {

Config ClassRecall::config() const {
    Config keys = ConfusionMatrixMetric::config();
    keys.set("class_id", id_);
    return keys;
}

void ClassRecall::build(const Shape& output, const Shape& target) {
    ConfusionMatrixMetric::build(output, target);
    check_class(type(), id_, classes());
}

double ClassRecall::of_counts(const Counts& counts) const {
    const double samples = counts.actual(id_);
    return samples == 0.0 ? 0.0 : counts(id_, id_) / samples;
}

const TypeHelp& ClassRecall::help() {
    static const TypeHelp help = [] {
        TypeHelp made = help_of("part of the samples of one class that are recognised");
        made.keys.push_back({"class_id", "required", "the number of the class"});
        return made;
    }();
    return help;
}

std::unique_ptr<Metric> ClassRecall::from_config(const Config& keys) {
    return construct_from<ClassRecall>(
        keys, {.class_id = keys.get<std::size_t>("class_id"), .matrix = options_from(keys)});
}

double BalancedAccuracy::of_counts(const Counts& counts) const {
    double sum = 0.0, classes = 0.0;
    for (std::size_t i = 0; i < counts.classes(); ++i) {
        const double samples = counts.actual(i);
        if (samples == 0.0) continue;
        sum += counts(i, i) / samples;
        classes += 1.0;
    }
    return sum / classes;
}

const TypeHelp& BalancedAccuracy::help() {
    static const TypeHelp help = help_of("part of the samples that are recognised, the mean over classes");
    return help;
}

std::unique_ptr<Metric> BalancedAccuracy::from_config(const Config& keys) {
    return construct_from<BalancedAccuracy>(keys, options_from(keys));
}

}  // namespace lockstep
