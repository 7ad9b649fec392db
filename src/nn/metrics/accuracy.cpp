#include <lockstep/core/construct.h>
#include <lockstep/nn/metrics/accuracy.h>

#include "class_choice.h"
#include "metric_shapes.h"

namespace lockstep {

Config BinaryAccuracy::config() const {
    return Config::table({{"threshold", options_.threshold}});
}

void BinaryAccuracy::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

double BinaryAccuracy::sample_value(std::span<const float> output, std::span<const float> target) const {
    std::size_t right = 0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const float predicted = static_cast<double>(output[i]) > options_.threshold ? 1.0F : 0.0F;
        if (predicted == target[i]) ++right;
    }
    return static_cast<double>(right) / static_cast<double>(output.size());
}

void CategoricalAccuracy::build(const Shape& output, const Shape& target) {
    check_same_size(type(), output, target);
}

double CategoricalAccuracy::sample_value(std::span<const float> output, std::span<const float> target) const {
    return index_of_largest(output) == index_of_largest(target) ? 1.0 : 0.0;
}

void SparseCategoricalAccuracy::build(const Shape& output, const Shape& target) {
    check_sparse(type(), output, target);
}

double SparseCategoricalAccuracy::sample_value(std::span<const float> output,
                                               std::span<const float> target) const {
    return static_cast<float>(index_of_largest(output)) == target[0] ? 1.0 : 0.0;
}

void Accuracy::build(const Shape& output, const Shape& target) {
    if (output.size() == 1)
        kind_ = std::make_unique<BinaryAccuracy>(BinaryAccuracy::Options{});
    else if (target.size() == 1)
        kind_ = std::make_unique<SparseCategoricalAccuracy>();
    else
        kind_ = std::make_unique<CategoricalAccuracy>();
    kind_->build(output, target);
}

double Accuracy::sample_value(std::span<const float> output, std::span<const float> target) const {
    return kind_->sample_value(output, target);
}

const TypeHelp& BinaryAccuracy::help() {
    static const TypeHelp help{.summary = "part of the outputs on the right side of a threshold",
                               .keys = {{"threshold", "0.5", "outputs above it count as 1"}}};
    return help;
}

std::unique_ptr<Metric> BinaryAccuracy::from_config(const Config& keys) {
    return construct_from<BinaryAccuracy>(keys, {.threshold = keys.get("threshold", Options{}.threshold)});
}

const TypeHelp& CategoricalAccuracy::help() {
    static const TypeHelp help{.summary = "how often the largest output is where the largest target is",
                               .keys = {}};
    return help;
}

std::unique_ptr<Metric> CategoricalAccuracy::from_config(const Config& /*keys*/) {
    return std::make_unique<CategoricalAccuracy>();
}

const TypeHelp& SparseCategoricalAccuracy::help() {
    static const TypeHelp help{
        .summary = "how often the largest output is the class whose number is the target", .keys = {}};
    return help;
}

std::unique_ptr<Metric> SparseCategoricalAccuracy::from_config(const Config& /*keys*/) {
    return std::make_unique<SparseCategoricalAccuracy>();
}

const TypeHelp& Accuracy::help() {
    static const TypeHelp help{
        .summary = "binary, sparse or categorical accuracy, whichever fits outputs and targets", .keys = {}};
    return help;
}

std::unique_ptr<Metric> Accuracy::from_config(const Config& /*keys*/) {
    return std::make_unique<Accuracy>();
}

}  // namespace lockstep
