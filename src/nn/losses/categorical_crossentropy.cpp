#include <cmath>
#include <numeric>

#include <lockstep/core/construct.h>
#include <lockstep/nn/losses/categorical_crossentropy.h>

#include "crossentropy.h"

namespace lockstep {

CategoricalCrossentropy::CategoricalCrossentropy(Options options) : options_(options) {
    crossentropy::check_label_smoothing(options_.label_smoothing);
}

Config CategoricalCrossentropy::config() const {
    return Config::table(
        {{"from_logits", options_.from_logits}, {"label_smoothing", options_.label_smoothing}});
}

Shape CategoricalCrossentropy::target_shape(const Shape& output) const {
    crossentropy::check_classes(type(), output);
    return output;
}

std::unique_ptr<Loss> CategoricalCrossentropy::fuse(const Activation& activation) const {
    if (options_.from_logits || activation.type() != "softmax") return nullptr;
    return std::make_unique<CategoricalCrossentropy>(
        Options{.from_logits = true, .label_smoothing = options_.label_smoothing});
}

double CategoricalCrossentropy::smooth(float target, std::size_t classes) const {
    return static_cast<double>(target) * (1.0 - options_.label_smoothing) +
           options_.label_smoothing / static_cast<double>(classes);
}

double CategoricalCrossentropy::sample_loss(std::span<const float> output, std::span<const float> target,
                                            std::span<float> gradient) const {
    return options_.from_logits ? from_logits(output, target, gradient)
                                : from_probabilities(output, target, gradient);
}

double CategoricalCrossentropy::from_logits(std::span<const float> logits, std::span<const float> target,
                                            std::span<float> gradient) const {
    const double log_sum = crossentropy::log_sum_exp(logits, gradient);  // gradient: softmax(logits) for now
    double loss = 0.0;
    double target_sum = 0.0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const double wanted = smooth(target[i], logits.size());
        loss += wanted * (log_sum - static_cast<double>(logits[i]));
        target_sum += wanted;
    }
    for (std::size_t i = 0; i < gradient.size(); ++i)
        gradient[i] = static_cast<float>(target_sum * static_cast<double>(gradient[i]) -
                                         smooth(target[i], logits.size()));
    return loss;
}

double CategoricalCrossentropy::from_probabilities(std::span<const float> output,
                                                   std::span<const float> target,
                                                   std::span<float> gradient) const {
    const double sum = std::accumulate(output.begin(), output.end(), 0.0);
    double loss = 0.0;
    double passing_targets = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double wanted = smooth(target[i], output.size());
        const double probability = static_cast<double>(output[i]) / sum;
        const bool passes = crossentropy::passes_clip(probability);
        loss -= wanted * std::log(crossentropy::clip(probability));
        if (passes) passing_targets += wanted;
        if (!gradient.empty())
            gradient[i] = passes ? static_cast<float>(-wanted / static_cast<double>(output[i])) : 0.0F;
    }
    // The division by the sum depends on every output.
    for (float& value : gradient) value += static_cast<float>(passing_targets / sum);
    return loss;
}

const TypeHelp& CategoricalCrossentropy::help() {
    static const TypeHelp help{
        .summary = "several classes; targets are one probability per class",
        .keys = {crossentropy::from_logits_key(), crossentropy::label_smoothing_key()}};
    return help;
}

std::unique_ptr<Loss> CategoricalCrossentropy::from_config(const Config& keys) {
    return construct_from<CategoricalCrossentropy>(
        keys,
        {.from_logits = keys.get("from_logits", false), .label_smoothing = keys.get("label_smoothing", 0.0)});
}

}  // namespace lockstep
