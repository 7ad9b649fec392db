#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/losses/binary_focal_crossentropy.h>

#include "../option_check.h"
#include "crossentropy.h"
#include "mean_over_features.h"

namespace lockstep {

namespace {

/// Probability, 1 - probability, cross-entropy, and the derivatives of probability and cross-entropy with
/// respect to the output.
struct Parts {
    double probability, rest, entropy, probability_slope, entropy_slope;
};

Parts from_logit(double logit, double wanted) {
    const double decay = std::exp(-std::abs(logit));
    const double larger = 1.0 / (1.0 + decay), smaller = decay * larger;
    const double probability = logit >= 0.0 ? larger : smaller, rest = logit >= 0.0 ? smaller : larger;
    const double entropy = std::max(logit, 0.0) - logit * wanted + std::log1p(decay);
    return {probability, rest, entropy, larger * smaller, probability - wanted};
}

Parts from_probability(double output, double wanted) {
    const double p = crossentropy::clip(output);
    const double slope = crossentropy::passes_clip(output) ? (p - wanted) / (p * (1.0 - p)) : 0.0;
    const double entropy = -wanted * std::log(p) - (1.0 - wanted) * std::log1p(-p);
    return {output, 1.0 - output, entropy, 1.0, slope};
}

/// What makes probable targets count less.
LossAndSlope focus(const Parts& parts, double wanted, double gamma) {
    const double wrong = std::max(wanted * parts.rest + (1.0 - wanted) * parts.probability, 0.0);
    const double factor = std::pow(wrong, gamma);
    const double factor_slope = wrong > 0.0 ? gamma * factor / wrong * (1.0 - 2.0 * wanted) : 0.0;
    return {factor * parts.entropy,
            factor_slope * parts.probability_slope * parts.entropy + factor * parts.entropy_slope};
}

}  // namespace

BinaryFocalCrossentropy::BinaryFocalCrossentropy(Options options) : options_(options) {
    check_option(options_.alpha >= 0.0 && options_.alpha <= 1.0, "alpha", "a number in [0, 1]",
                 options_.alpha);
    check_option(options_.gamma >= 0.0, "gamma", "a number >= 0", options_.gamma);
    crossentropy::check_label_smoothing(options_.label_smoothing);
}

Config BinaryFocalCrossentropy::config() const {
    return Config::table({{"apply_class_balancing", options_.apply_class_balancing},
                          {"alpha", options_.alpha},
                          {"gamma", options_.gamma},
                          {"from_logits", options_.from_logits},
                          {"label_smoothing", options_.label_smoothing}});
}

std::unique_ptr<Loss> BinaryFocalCrossentropy::fuse(const Activation& activation) const {
    if (options_.from_logits || activation.type() != "sigmoid") return nullptr;
    Options options = options_;
    options.from_logits = true;
    return std::make_unique<BinaryFocalCrossentropy>(options);
}

double BinaryFocalCrossentropy::sample_loss(std::span<const float> output, std::span<const float> target,
                                            std::span<float> gradient) const {
    return mean_over_features(output, target, gradient, [this](double value, double label) -> LossAndSlope {
        const double wanted = label * (1.0 - options_.label_smoothing) + 0.5 * options_.label_smoothing;
        const Parts parts =
            options_.from_logits ? from_logit(value, wanted) : from_probability(value, wanted);
        const auto [loss, slope] = focus(parts, wanted, options_.gamma);
        const double balance = wanted * options_.alpha + (1.0 - wanted) * (1.0 - options_.alpha);
        const double weight = options_.apply_class_balancing ? balance : 1.0;
        return {weight * loss, weight * slope};
    });
}

const TypeHelp& BinaryFocalCrossentropy::help() {
    static const TypeHelp help{
        .summary = "binary_crossentropy * (1 - right)^gamma, where right is the probability of the target",
        .keys = {{"apply_class_balancing", "false", "whether alpha counts"},
                 {"alpha", "0.25", "weight of target 1, 1 - alpha is that of target 0; in [0, 1]"},
                 {"gamma", "2.0", "how much less the nearly right counts, >= 0"},
                 crossentropy::from_logits_key(),
                 crossentropy::label_smoothing_key()}};
    return help;
}

std::unique_ptr<Loss> BinaryFocalCrossentropy::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<BinaryFocalCrossentropy>(
        keys, {.apply_class_balancing = keys.get("apply_class_balancing", defaults.apply_class_balancing),
               .alpha = keys.get("alpha", defaults.alpha),
               .gamma = keys.get("gamma", defaults.gamma),
               .from_logits = keys.get("from_logits", defaults.from_logits),
               .label_smoothing = keys.get("label_smoothing", defaults.label_smoothing)});
}

}  // namespace lockstep
