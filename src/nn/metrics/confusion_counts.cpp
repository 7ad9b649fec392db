#include <limits>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/confusion_counts.h>

#include "../option_check.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

enum : std::size_t { kCounted, kSamples };  // of the state

TypeHelp help_of(const char* summary) {
    return {.summary = summary, .keys = {{"threshold", "0.5", "outputs above it count as 1"}}};
}

template <typename T>
std::unique_ptr<Metric> make(const Config& keys) {
    return construct_from<T>(keys, {.threshold = keys.get("threshold", ConfusionCount::Options{}.threshold)});
}

}  // namespace

ConfusionCount::ConfusionCount(Options options, bool predicted, bool target)
    : options_(options), predicted_(predicted), target_(target) {
    const double threshold = options_.threshold;
    check_option(threshold >= 0.0 && threshold <= 1.0, "threshold", "a number in [0, 1]", threshold);
}

Config ConfusionCount::config() const {
    return Config::table({{"threshold", options_.threshold}});
}

void ConfusionCount::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

void ConfusionCount::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                            std::span<double> state) const {
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const std::span<const float> output = outputs.row(row), target = targets.row(row);
        std::size_t counted = 0;
        for (std::size_t i = 0; i < output.size(); ++i) {
            const bool predicted = static_cast<double>(output[i]) > options_.threshold;
            if (predicted == predicted_ && (target[i] != 0.0F) == target_) ++counted;
        }
        state[kCounted] +=
            (weights.empty() ? 1.0 : static_cast<double>(weights[row])) * static_cast<double>(counted);
    }
    state[kSamples] += static_cast<double>(outputs.rows());
}

double ConfusionCount::result(std::span<const double> state) const {
    return state[kSamples] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : state[kCounted];
}

const TypeHelp& TruePositives::help() {
    static const TypeHelp help = help_of("number of positives that are predicted");
    return help;
}

std::unique_ptr<Metric> TruePositives::from_config(const Config& keys) {
    return make<TruePositives>(keys);
}

const TypeHelp& FalsePositives::help() {
    static const TypeHelp help = help_of("number of predicted positives that are negative");
    return help;
}

std::unique_ptr<Metric> FalsePositives::from_config(const Config& keys) {
    return make<FalsePositives>(keys);
}

const TypeHelp& TrueNegatives::help() {
    static const TypeHelp help = help_of("number of negatives that are predicted");
    return help;
}

std::unique_ptr<Metric> TrueNegatives::from_config(const Config& keys) {
    return make<TrueNegatives>(keys);
}

const TypeHelp& FalseNegatives::help() {
    static const TypeHelp help = help_of("number of positives that are not predicted");
    return help;
}

std::unique_ptr<Metric> FalseNegatives::from_config(const Config& keys) {
    return make<FalseNegatives>(keys);
}

}  // namespace lockstep
