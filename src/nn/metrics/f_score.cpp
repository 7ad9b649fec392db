#include <limits>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/f_score.h>

#include "../option_check.h"
#include "class_choice.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

std::vector<TypeHelp::Key> common_keys() {
    return {{"average", "\"macro\"", "over the classes; or \"micro\", \"weighted\""},
            {"threshold", "none", "outputs above it are predicted; without it, the largest output is"}};
}

FBetaScore::Options common_options(const Config& keys) {
    return {.average = keys.get("average", FBetaScore::Options{}.average),
            .threshold = keys.get_optional<double>("threshold")};
}

}  // namespace

FBetaScore::FBetaScore(Options options) : options_(std::move(options)) {
    const std::string& average = options_.average;
    check_option(average == "macro" || average == "micro" || average == "weighted", "average",
                 "\"macro\", \"micro\" or \"weighted\"", average);
    check_option(options_.beta > 0.0, "beta", "a number above 0", options_.beta);
    if (!options_.threshold) return;
    const double threshold = *options_.threshold;
    check_option(threshold > 0.0 && threshold <= 1.0, "threshold", "a number in (0, 1]", threshold);
}

Config FBetaScore::config() const {
    Config keys = Config::table({{"average", options_.average}, {"beta", options_.beta}});
    if (options_.threshold) keys.set("threshold", *options_.threshold);
    return keys;
}

void FBetaScore::build(const Shape& output, const Shape& target) {
    if (output.size() > 1 && target.size() == 1)
        check_sparse(type(), output, target);
    else if (options_.threshold)
        check_same_size(type(), output, target);
    else
        check_one_hot(type(), output, target);
    classes_ = output.size();
}

void FBetaScore::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                        std::span<double> state) const {
    const std::span<double> hits = state.first(classes_), false_positives = state.subspan(classes_, classes_),
                            false_negatives = state.subspan(2 * classes_, classes_);
    const bool sparse = targets.columns() < classes_;
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const std::span<const float> output = outputs.row(row), target = targets.row(row);
        const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
        const std::size_t largest = index_of_largest(output);
        const std::size_t label = sparse ? class_of_target(target, classes_) : 0;
        for (std::size_t i = 0; i < classes_; ++i) {
            const bool predicted =
                options_.threshold ? static_cast<double>(output[i]) > *options_.threshold : i == largest;
            const bool is_class = sparse ? i == label : target[i] != 0.0F;
            if (predicted && is_class) hits[i] += weight;
            if (predicted && !is_class) false_positives[i] += weight;
            if (!predicted && is_class) false_negatives[i] += weight;
        }
    }
    state.back() += static_cast<double>(outputs.rows());
}

double FBetaScore::score(double hits, double false_positives, double false_negatives) const {
    const double square = options_.beta * options_.beta;
    const double all = (1.0 + square) * hits + square * false_negatives + false_positives;
    return all == 0.0 ? 0.0 : (1.0 + square) * hits / all;
}

double FBetaScore::result(std::span<const double> state) const {
    if (state.back() == 0.0) return std::numeric_limits<double>::quiet_NaN();
    double hits = 0.0, false_positives = 0.0, false_negatives = 0.0, sum = 0.0, weighted_sum = 0.0;
    for (std::size_t i = 0; i < classes_; ++i) {
        const double class_hits = state[i], class_misses = state[2 * classes_ + i];
        const double value = score(class_hits, state[classes_ + i], class_misses);
        sum += value;
        weighted_sum += (class_hits + class_misses) * value;
        hits += class_hits;
        false_positives += state[classes_ + i];
        false_negatives += class_misses;
    }
    if (options_.average == "micro") return score(hits, false_positives, false_negatives);
    if (options_.average == "macro") return sum / static_cast<double>(classes_);
    const double samples = hits + false_negatives;
    return samples == 0.0 ? 0.0 : weighted_sum / samples;
}

const TypeHelp& FBetaScore::help() {
    static const TypeHelp help = [] {
        TypeHelp made{.summary = "weighted harmonic mean of precision and recall", .keys = common_keys()};
        made.keys.push_back({"beta", "1.0", "how many times recall counts as much as precision"});
        return made;
    }();
    return help;
}

std::unique_ptr<Metric> FBetaScore::from_config(const Config& keys) {
    Options options = common_options(keys);
    options.beta = keys.get("beta", options.beta);
    return construct_from<FBetaScore>(keys, std::move(options));
}

Config F1Score::config() const {
    Config keys = FBetaScore::config();
    keys.erase("beta");
    return keys;
}

const TypeHelp& F1Score::help() {
    static const TypeHelp help{.summary = "harmonic mean of precision and recall", .keys = common_keys()};
    return help;
}

std::unique_ptr<Metric> F1Score::from_config(const Config& keys) {
    return construct_from<F1Score>(keys, common_options(keys));
}

}  // namespace lockstep
