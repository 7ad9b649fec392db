#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/auc.h>

#include "../option_check.h"

namespace lockstep {
namespace {

/// Part of the area under a precision-recall curve between two thresholds, times the number of positives:
/// true and false positives vary linearly between the points, so that precision is slope + (TP_high - slope
/// P_high) / P for P predicted positives.
double precision_area(double hits_low, double hits_high, double predicted_low, double predicted_high) {
    const double hits = hits_low - hits_high;
    const double predicted = predicted_low - predicted_high;
    if (predicted <= 0.0) return 0.0;
    const double slope = hits / predicted;
    const double intercept = hits_high - slope * predicted_high;
    const double logarithm = predicted_high > 0.0 ? std::log(predicted_low / predicted_high) : 0.0;
    return slope * (hits + intercept * logarithm);
}

}  // namespace

AUC::AUC(Options options) : ThresholdCurve(options.num_thresholds), options_(std::move(options)) {
    const auto& [thresholds, curve, method, from_logits] = options_;
    check_option(curve == "ROC" || curve == "PR", "curve", "\"ROC\" or \"PR\"", curve);
    check_option(method == "interpolation" || method == "minoring" || method == "majoring",
                 "summation_method", "\"interpolation\", \"minoring\" or \"majoring\"", method);
}

Config AUC::config() const {
    return Config::table({{"num_thresholds", options_.num_thresholds},
                          {"curve", options_.curve},
                          {"summation_method", options_.summation_method},
                          {"from_logits", options_.from_logits}});
}

double AUC::probability(float output) const {
    const double value = static_cast<double>(output);
    return options_.from_logits ? 1.0 / (1.0 + std::exp(-value)) : value;
}

double AUC::height(double left, double right) const {
    if (options_.summation_method == "interpolation") return 0.5 * (left + right);
    return options_.summation_method == "minoring" ? std::min(left, right) : std::max(left, right);
}

double AUC::of_curve(const std::vector<Point>& points) const {
    const bool roc = options_.curve == "ROC";
    const bool davis_goadrich = !roc && options_.summation_method == "interpolation";
    const double positives = points[0].true_positives;
    if (davis_goadrich && positives == 0.0) return 0.0;
    double area = 0.0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Point &low = points[i], &high = points[i + 1];
        if (davis_goadrich)
            area += precision_area(low.true_positives, high.true_positives,
                                   low.true_positives + low.false_positives,
                                   high.true_positives + high.false_positives) /
                    positives;
        else if (roc)
            area += (low.false_positive_rate() - high.false_positive_rate()) *
                    height(low.recall(), high.recall());
        else
            area += (low.recall() - high.recall()) * height(low.precision(), high.precision());
    }
    return area;
}

const TypeHelp& AUC::help() {
    static const TypeHelp help{
        .summary = "area under the ROC or the precision-recall curve",
        .keys = {num_thresholds_key(),
                 {"curve", "\"ROC\"", "or \"PR\": precision over recall"},
                 {"summation_method", "\"interpolation\"", "or \"minoring\", \"majoring\""},
                 {"from_logits", "false", "whether outputs have to go through a sigmoid"}}};
    return help;
}

std::unique_ptr<Metric> AUC::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<AUC>(keys,
                               {.num_thresholds = keys.get("num_thresholds", defaults.num_thresholds),
                                .curve = keys.get("curve", defaults.curve),
                                .summation_method = keys.get("summation_method", defaults.summation_method),
                                .from_logits = keys.get("from_logits", defaults.from_logits)});
}

}  // namespace lockstep
