#include <limits>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/nn/metrics/confusion_matrix.h>

#include "../option_check.h"
#include "class_choice.h"

namespace lockstep {

ConfusionMatrixMetric::Counts::Counts(std::span<const double> values, std::size_t classes)
    : values_(values), actual_(classes), predicted_(classes) {
    for (std::size_t i = 0; i < classes; ++i)
        for (std::size_t j = 0; j < classes; ++j) {
            const double weight = values[i * classes + j];
            actual_[i] += weight;
            predicted_[j] += weight;
            all_ += weight;
        }
}

ConfusionMatrixMetric::ConfusionMatrixMetric(Options options) : options_(options) {
    if (options.num_classes)
        check_option(*options.num_classes >= 2, "num_classes", "a whole number of at least 2",
                     *options.num_classes);
}

TypeHelp ConfusionMatrixMetric::help_of(const char* summary) {
    return {.summary = summary,
            .keys = {{"num_classes", "that of the outputs", "checked, if given"},
                     {"ignore_class", "none", "targets of this number do not count"},
                     {"threshold", "0.5", "a single output above it is of the second class"}}};
}

ConfusionMatrixMetric::Options ConfusionMatrixMetric::options_from(const Config& keys) {
    return {.num_classes = keys.get_optional<std::size_t>("num_classes"),
            .ignore_class = keys.get_optional<int>("ignore_class"),
            .threshold = keys.get("threshold", Options{}.threshold)};
}

Config ConfusionMatrixMetric::config() const {
    Config keys = Config::table({{"threshold", options_.threshold}});
    if (options_.num_classes) keys.set("num_classes", *options_.num_classes);
    if (options_.ignore_class) keys.set("ignore_class", *options_.ignore_class);
    return keys;
}

void ConfusionMatrixMetric::build(const Shape& output, const Shape& target) {
    width_ = output.rank() == 0 ? 1 : output[output.rank() - 1];
    classes_ = width_ == 1 ? 2 : width_;
    const std::string metric(type());
    if (options_.num_classes && *options_.num_classes != classes_)
        throw ShapeError(metric + ": num_classes: expected " + std::to_string(classes_) + " for outputs " +
                         output.to_string() + ", got " + std::to_string(*options_.num_classes));
    const std::size_t positions = output.size() / width_;
    if (target.size() != positions && target.size() != output.size())
        throw ShapeError(metric + ": expected targets of " + std::to_string(positions) +
                         " class numbers or of the shape of the outputs, " + output.to_string() + ", got " +
                         target.to_string());
    target_width_ = target.size() / positions;
}

std::size_t ConfusionMatrixMetric::predicted_class(std::span<const float> output) const {
    if (output.size() == 1) return static_cast<double>(output[0]) > options_.threshold ? 1 : 0;
    return index_of_largest(output);
}

void ConfusionMatrixMetric::update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                                   std::span<double> state) const {
    const std::size_t positions = outputs.columns() / width_;
    const auto ignored = [this](std::span<const float> target) {
        return options_.ignore_class && target.size() == 1 &&
               target[0] == static_cast<float>(*options_.ignore_class);
    };
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[row]);
        for (std::size_t i = 0; i < positions; ++i) {
            const auto target = targets.row(row).subspan(i * target_width_, target_width_);
            if (ignored(target)) continue;
            const std::size_t actual = class_of_target(target, classes_);
            const std::size_t predicted = predicted_class(outputs.row(row).subspan(i * width_, width_));
            state[actual * classes_ + predicted] += weight;
        }
    }
}

double ConfusionMatrixMetric::result(std::span<const double> state) const {
    const Counts counts(state, classes_);
    return counts.all() == 0.0 ? std::numeric_limits<double>::quiet_NaN() : of_counts(counts);
}

}  // namespace lockstep
