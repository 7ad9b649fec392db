#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/top_k_accuracy.h>

#include "../option_check.h"
#include "class_choice.h"
#include "metric_shapes.h"

namespace lockstep {
namespace {

TypeHelp::Key k_key() {
    return {"k", "5", "how many of the largest outputs are looked at"};
}

}  // namespace

TopKAccuracy::TopKAccuracy(Options options) : options_(options) {
    check_option(options_.k >= 1, "k", "a whole number of at least 1", options_.k);
}

Config TopKAccuracy::config() const {
    return Config::table({{"k", options_.k}});
}

double TopKAccuracy::sample_value(std::span<const float> output, std::span<const float> target) const {
    const float right = output[class_of_target(target, output.size())];
    if (right != right) return 0.0;  // not a number
    const auto larger = std::ranges::count_if(output, [right](float value) { return value > right; });
    return static_cast<std::size_t>(larger) < options_.k ? 1.0 : 0.0;
}

void TopKCategoricalAccuracy::build(const Shape& output, const Shape& target) {
    check_one_hot(type(), output, target);
}

const TypeHelp& TopKCategoricalAccuracy::help() {
    static const TypeHelp help{.summary = "how often the largest target is among the k largest outputs",
                               .keys = {k_key()}};
    return help;
}

std::unique_ptr<Metric> TopKCategoricalAccuracy::from_config(const Config& keys) {
    return construct_from<TopKCategoricalAccuracy>(keys, {.k = keys.get("k", Options{}.k)});
}

void SparseTopKCategoricalAccuracy::build(const Shape& output, const Shape& target) {
    check_sparse(type(), output, target);
}

const TypeHelp& SparseTopKCategoricalAccuracy::help() {
    static const TypeHelp help{
        .summary = "how often the class whose number is the target is among the k largest outputs",
        .keys = {k_key()}};
    return help;
}

std::unique_ptr<Metric> SparseTopKCategoricalAccuracy::from_config(const Config& keys) {
    return construct_from<SparseTopKCategoricalAccuracy>(keys, {.k = keys.get("k", Options{}.k)});
}

}  // namespace lockstep
