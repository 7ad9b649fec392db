#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/losses/binary_crossentropy.h>

#include "crossentropy.h"
#include "mean_over_features.h"

namespace lockstep {
namespace {

LossAndSlope from_logit(double logit, double wanted) {
    const double decay = std::exp(-std::abs(logit));
    const double probability = (logit >= 0.0 ? 1.0 : decay) / (1.0 + decay);
    return {std::max(logit, 0.0) - logit * wanted + std::log1p(decay), probability - wanted};
}

LossAndSlope from_probability(double output, double wanted) {
    const double p = crossentropy::clip(output);
    const double slope = crossentropy::passes_clip(output) ? (p - wanted) / (p * (1.0 - p)) : 0.0;
    return {-wanted * std::log(p) - (1.0 - wanted) * std::log1p(-p), slope};
}

}  // namespace

BinaryCrossentropy::BinaryCrossentropy(Options options) : options_(options) {
    crossentropy::check_label_smoothing(options_.label_smoothing);
}

Config BinaryCrossentropy::config() const {
    return Config::table(
        {{"from_logits", options_.from_logits}, {"label_smoothing", options_.label_smoothing}});
}

std::unique_ptr<Loss> BinaryCrossentropy::fuse(const Activation& activation) const {
    if (options_.from_logits || activation.type() != "sigmoid") return nullptr;
    return std::make_unique<BinaryCrossentropy>(
        Options{.from_logits = true, .label_smoothing = options_.label_smoothing});
}

double BinaryCrossentropy::sample_loss(std::span<const float> output, std::span<const float> target,
                                       std::span<float> gradient) const {
    const double smoothing = options_.label_smoothing;
    return mean_over_features(output, target, gradient, [&](double value, double label) {
        const double wanted = label * (1.0 - smoothing) + 0.5 * smoothing;
        return options_.from_logits ? from_logit(value, wanted) : from_probability(value, wanted);
    });
}

const TypeHelp& BinaryCrossentropy::help() {
    static const TypeHelp help{
        .summary = "yes or no per output; targets are 0 or 1",
        .keys = {crossentropy::from_logits_key(), crossentropy::label_smoothing_key()}};
    return help;
}

std::unique_ptr<Loss> BinaryCrossentropy::from_config(const Config& keys) {
    return construct_from<BinaryCrossentropy>(keys, {.from_logits = keys.get("from_logits", false),
                                                     .label_smoothing = keys.get("label_smoothing", 0.0)});
}

}  // namespace lockstep
