#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/train/class_weights.h>

namespace lockstep {

namespace {

std::size_t count_classes(const Loss& loss, const Shape& output) {
    const std::size_t classes = loss.classes(output);
    const std::size_t values = loss.target_shape(output).size();
    if (classes != 0 && (values == 1 || values == classes)) return classes;
    throw ConfigError(fmt::format(
        "the loss \"{}\" on outputs of shape {} compares with no classes, which class_weight needs; "
        "sample_weight of the data weighs samples one by one",
        loss.type(), output.to_string()));
}

void check_weight(std::size_t label, double weight, std::size_t classes) {
    if (label >= classes)
        throw ConfigError(
            fmt::format("expected classes from 0 to {} in class_weight, got {}", classes - 1, label));
    if (!(weight >= 0.0) || !std::isfinite(weight))
        throw ConfigError(fmt::format(
            "expected a number of at least 0 for class {} in class_weight, got {}; for example {} = 2.0",
            label, weight, label));
}

}  // namespace

ClassWeights::ClassWeights(const ClassWeight& weights, const Loss& loss, const Shape& output) {
    if (weights.empty()) return;
    weights_.assign(count_classes(loss, output), 1.0F);
    for (const auto& [label, weight] : weights) {
        check_weight(label, weight, weights_.size());
        weights_[label] = static_cast<float>(weight);
    }
}

void ClassWeights::weigh(ConstMatrix targets, std::span<const float> samples, std::span<float> out) const {
    for (std::size_t row = 0; row < targets.rows(); ++row) {
        const float sample = samples.empty() ? 1.0F : samples[row];
        out[row] = sample * weight_of(targets.row(row));
    }
}

float ClassWeights::weight_of(std::span<const float> target) const {
    if (target.size() > 1)
        return weights_[static_cast<std::size_t>(std::ranges::max_element(target) - target.begin())];
    const float label = std::nearbyint(target.front());
    const bool is_class = label >= 0.0F && label < static_cast<float>(weights_.size());
    return is_class ? weights_[static_cast<std::size_t>(label)] : 1.0F;
}

}  // namespace lockstep
