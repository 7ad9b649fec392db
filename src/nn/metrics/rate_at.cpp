#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/rate_at.h>

#include "../option_check.h"
#include "metric_shapes.h"

namespace lockstep {

RateAt::RateAt(Options options, const char* key)
    : ThresholdCurve(options.num_thresholds), options_(options), key_(key) {
    check_option(options.value >= 0.0 && options.value <= 1.0, key, "a number in [0, 1]", options.value);
}

TypeHelp RateAt::help_of(const char* summary, const char* key) {
    return {.summary = summary,
            .keys = {
                {key, "required", "the least that counts, in [0, 1]"}, num_thresholds_key(), class_id_key()}};
}

RateAt::Options RateAt::options_from(const Config& keys, const char* key) {
    return {.value = keys.get<double>(key),
            .num_thresholds = keys.get("num_thresholds", Options{}.num_thresholds),
            .class_id = keys.get_optional<std::size_t>("class_id")};
}

Config RateAt::config() const {
    Config keys = Config::table({{key_, options_.value}, {"num_thresholds", options_.num_thresholds}});
    if (options_.class_id) keys.set("class_id", *options_.class_id);
    return keys;
}

void RateAt::build(const Shape& output, const Shape& target) {
    ThresholdCurve::build(output, target);
    if (options_.class_id) check_class(type(), *options_.class_id, output.size());
}

std::pair<std::size_t, std::size_t> RateAt::columns(std::size_t outputs) const {
    if (options_.class_id) return {*options_.class_id, 1};
    return {0, outputs};
}

double RateAt::of_curve(const std::vector<Point>& points) const {
    constexpr double kSlack = 1e-12;
    double best = 0.0;
    for (const Point& point : points)
        if (constrained(point) >= options_.value - kSlack) best = std::max(best, wanted(point));
    return best;
}

const TypeHelp& SensitivityAtSpecificity::help() {
    static const TypeHelp help =
        help_of("largest recall of positives where that of negatives is at least a value", "specificity");
    return help;
}

std::unique_ptr<Metric> SensitivityAtSpecificity::from_config(const Config& keys) {
    return construct_from<SensitivityAtSpecificity>(keys, options_from(keys, "specificity"));
}

const TypeHelp& SpecificityAtSensitivity::help() {
    static const TypeHelp help =
        help_of("largest recall of negatives where that of positives is at least a value", "sensitivity");
    return help;
}

std::unique_ptr<Metric> SpecificityAtSensitivity::from_config(const Config& keys) {
    return construct_from<SpecificityAtSensitivity>(keys, options_from(keys, "sensitivity"));
}

const TypeHelp& PrecisionAtRecall::help() {
    static const TypeHelp help = help_of("largest precision where recall is at least a value", "recall");
    return help;
}

std::unique_ptr<Metric> PrecisionAtRecall::from_config(const Config& keys) {
    return construct_from<PrecisionAtRecall>(keys, options_from(keys, "recall"));
}

const TypeHelp& RecallAtPrecision::help() {
    static const TypeHelp help = help_of("largest recall where precision is at least a value", "precision");
    return help;
}

std::unique_ptr<Metric> RecallAtPrecision::from_config(const Config& keys) {
    return construct_from<RecallAtPrecision>(keys, options_from(keys, "precision"));
}

}  // namespace lockstep
