#include <limits>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/precision.h>

#include "../option_check.h"
#include "class_choice.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

enum : std::size_t { kHits, kCounted, kSamples };  // of the state

/// Where the k-th largest value is; the first of equals is the larger one. Precondition: 1 <= k <= size.
std::size_t index_of_kth_largest(std::span<const float> values, std::size_t k) {
    std::size_t last = index_of_largest(values);
    for (std::size_t found = 1; found < k; ++found) {
        const auto comes_later = [&](std::size_t i) {
            return values[i] < values[last] || (values[i] == values[last] && i > last);
        };
        std::size_t next = values.size();
        for (std::size_t i = 0; i < values.size(); ++i)
            if (comes_later(i) && (next == values.size() || values[i] > values[next])) next = i;
        if (next == values.size()) return last;  // the rest is not a number
        last = next;
    }
    return last;
}

}  // namespace

HitRate::HitRate(Options options)
    : options_(options),
      threshold_(options.threshold.value_or(options.top_k ? -std::numeric_limits<double>::infinity() : 0.5)) {
    if (options.threshold || !options.top_k)
        check_option(threshold_ >= 0.0 && threshold_ <= 1.0, "threshold", "a number in [0, 1]", threshold_);
    if (options.top_k) check_option(*options.top_k >= 1, "top_k", "a whole number of at least 1", 0);
}

TypeHelp HitRate::help_of(const char* summary) {
    return {.summary = summary,
            .keys = {{"threshold", "0.5", "outputs above it count as 1; none with top_k"},
                     {"top_k", "none", "only so many of the largest outputs count as 1"},
                     class_id_key()}};
}

HitRate::Options HitRate::options_from(const Config& keys) {
    return {.threshold = keys.get_optional<double>("threshold"),
            .top_k = keys.get_optional<std::size_t>("top_k"),
            .class_id = keys.get_optional<std::size_t>("class_id")};
}

Config HitRate::config() const {
    Config keys = Config::table();
    if (options_.threshold || !options_.top_k) keys.set("threshold", threshold_);
    if (options_.top_k) keys.set("top_k", *options_.top_k);
    if (options_.class_id) keys.set("class_id", *options_.class_id);
    return keys;
}

void HitRate::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
    if (options_.class_id) check_class(type(), *options_.class_id, output.size());
}

void HitRate::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                     std::span<double> state) const {
    const std::size_t first = options_.class_id.value_or(0);
    const std::size_t end = options_.class_id ? first + 1 : outputs.columns();
    const bool takes_top = options_.top_k && *options_.top_k < outputs.columns();
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const std::span<const float> output = outputs.row(row);
        const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
        const std::size_t last = takes_top ? index_of_kth_largest(output, *options_.top_k) : 0;
        for (std::size_t i = first; i < end; ++i) {
            const bool in_top =
                !takes_top || output[i] > output[last] || (output[i] == output[last] && i <= last);
            const bool predicted = in_top && static_cast<double>(output[i]) > threshold_;
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
    static const TypeHelp help = help_of("part of the predicted positives that are positive");
    return help;
}

std::unique_ptr<Metric> Precision::from_config(const Config& keys) {
    return construct_from<Precision>(keys, options_from(keys));
}

const TypeHelp& Recall::help() {
    static const TypeHelp help = help_of("part of the positives that are predicted");
    return help;
}

std::unique_ptr<Metric> Recall::from_config(const Config& keys) {
    return construct_from<Recall>(keys, options_from(keys));
}

}  // namespace lockstep
