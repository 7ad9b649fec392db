#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/agreement.h>

#include "../option_check.h"

namespace lockstep {

CohenKappa::CohenKappa(Options options)
    : ConfusionMatrixMetric(options.matrix), weightage_(std::move(options.weightage)) {
    check_option(weightage_ == "none" || weightage_ == "linear" || weightage_ == "quadratic", "weightage",
                 "\"none\", \"linear\" or \"quadratic\"", weightage_);
}

Config CohenKappa::config() const {
    Config keys = ConfusionMatrixMetric::config();
    keys.set("weightage", weightage_);
    return keys;
}

double CohenKappa::distance(std::size_t i, std::size_t j) const {
    if (weightage_ == "none") return i == j ? 0.0 : 1.0;
    const double steps = static_cast<double>(i > j ? i - j : j - i);
    return weightage_ == "linear" ? steps : steps * steps;
}

double CohenKappa::of_counts(const Counts& counts) const {
    double observed = 0.0, by_chance = 0.0;
    for (std::size_t i = 0; i < counts.classes(); ++i)
        for (std::size_t j = 0; j < counts.classes(); ++j) {
            observed += distance(i, j) * counts(i, j);
            by_chance += distance(i, j) * counts.actual(i) * counts.predicted(j);
        }
    return by_chance == 0.0 ? 0.0 : 1.0 - observed * counts.all() / by_chance;
}

const TypeHelp& CohenKappa::help() {
    static const TypeHelp help = [] {
        TypeHelp made = help_of("agreement of predicted and actual classes beyond chance");
        made.keys.push_back({"weightage", "\"none\"", "or \"linear\", \"quadratic\": for ordered classes"});
        return made;
    }();
    return help;
}

std::unique_ptr<Metric> CohenKappa::from_config(const Config& keys) {
    return construct_from<CohenKappa>(
        keys, {.weightage = keys.get<std::string>("weightage", "none"), .matrix = options_from(keys)});
}

double MatthewsCorrelationCoefficient::of_counts(const Counts& counts) const {
    const double all = counts.all();
    double hits = 0.0, both = 0.0, actual_spread = 0.0, predicted_spread = 0.0;
    for (std::size_t i = 0; i < counts.classes(); ++i) {
        const double actual = counts.actual(i), predicted = counts.predicted(i);
        hits += counts(i, i);
        both += actual * predicted;
        for (std::size_t j = 0; j < i; ++j) {  // all^2 - sum of squares, without their difference
            actual_spread += 2.0 * actual * counts.actual(j);
            predicted_spread += 2.0 * predicted * counts.predicted(j);
        }
    }
    if (actual_spread == 0.0 || predicted_spread == 0.0) return 0.0;
    return (hits * all - both) / std::sqrt(actual_spread) / std::sqrt(predicted_spread);
}

const TypeHelp& MatthewsCorrelationCoefficient::help() {
    static const TypeHelp help = help_of("correlation of predicted and actual classes");
    return help;
}

std::unique_ptr<Metric> MatthewsCorrelationCoefficient::from_config(const Config& keys) {
    return construct_from<MatthewsCorrelationCoefficient>(keys, options_from(keys));
}

}  // namespace lockstep
