#include <limits>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/precision.h>

#include "../option_check.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

TypeHelp::Key threshold_key() {
    return {"threshold", "0.5", "outputs above it count as 1"};
}

enum : std::size_t { kHits, kCounted, kSamples };  // of the state

}  // namespace

HitRate::HitRate(Options options) : options_(options) {
    const double threshold = options_.threshold;
    check_option(threshold >= 0.0 && threshold <= 1.0, "threshold", "a number in [0, 1]", threshold);
}

Config HitRate::config() const {
    return Config::table({{"threshold", options_.threshold}});
}

void HitRate::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

void HitRate::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                     std::span<double> state) const {
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
        for (std::size_t i = 0; i < outputs.columns(); ++i) {
            const bool predicted = static_cast<double>(outputs.row(row)[i]) > options_.threshold;
            const bool target = targets.row(row)[i] != 0.0F;
            if (!counts(predicted, target)) continue;
            state[kCounted] += weight;
            if (predicted && target) state[kHits] += weight;
        }
    }
    state[kSamples] += static_cast<double>(outputs.rows());
}

double HitRate::result(std::span<const double> state) const {
    if (state[kSamples] == 0.0) return std::numeric_limits<double>::quiet_NaN();
    return state[kCounted] == 0.0 ? 0.0 : state[kHits] / state[kCounted];
}

const TypeHelp& Precision::help() {
    static const TypeHelp help{.summary = "part of the predicted positives that are positive",
                               .keys = {threshold_key()}};
    return help;
}

std::unique_ptr<Metric> Precision::from_config(const Config& keys) {
    return construct_from<Precision>(keys, {.threshold = keys.get("threshold", Options{}.threshold)});
}

const TypeHelp& Recall::help() {
    static const TypeHelp help{.summary = "part of the positives that are predicted",
                               .keys = {threshold_key()}};
    return help;
}

std::unique_ptr<Metric> Recall::from_config(const Config& keys) {
    return construct_from<Recall>(keys, {.threshold = keys.get("threshold", Options{}.threshold)});
}

}  // namespace lockstep
