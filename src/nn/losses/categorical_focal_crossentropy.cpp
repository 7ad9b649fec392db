#include <cmath>
#include <numeric>

#include <lockstep/core/construct.h>
#include <lockstep/nn/losses/categorical_focal_crossentropy.h>

#include "../option_check.h"
#include "crossentropy.h"

namespace lockstep {

namespace {

/// -(1 - p)^gamma log(p), and its derivative times p.
struct Focus {
    double loss, slope;
};

Focus focus(double p, double rest, double log_p, double gamma) {
    const double factor = std::pow(rest, gamma);
    const double factor_slope = rest > 0.0 ? gamma * factor / rest : 0.0;
    return {-factor * log_p, p * factor_slope * log_p - factor};
}

}  // namespace

CategoricalFocalCrossentropy::CategoricalFocalCrossentropy(Options options) : options_(options) {
    check_option(options_.alpha >= 0.0, "alpha", "a number >= 0", options_.alpha);
    check_option(options_.gamma >= 0.0, "gamma", "a number >= 0", options_.gamma);
    crossentropy::check_label_smoothing(options_.label_smoothing);
}

Config CategoricalFocalCrossentropy::config() const {
    return Config::table({{"alpha", options_.alpha},
                          {"gamma", options_.gamma},
                          {"from_logits", options_.from_logits},
                          {"label_smoothing", options_.label_smoothing}});
}

Shape CategoricalFocalCrossentropy::target_shape(const Shape& output) const {
    crossentropy::check_classes(type(), output);
    return output;
}

std::unique_ptr<Loss> CategoricalFocalCrossentropy::fuse(const Activation& activation) const {
    if (options_.from_logits || activation.type() != "softmax") return nullptr;
    Options options = options_;
    options.from_logits = true;
    return std::make_unique<CategoricalFocalCrossentropy>(options);
}

double CategoricalFocalCrossentropy::smooth(float target, std::size_t classes) const {
    return static_cast<double>(target) * (1.0 - options_.label_smoothing) +
           options_.label_smoothing / static_cast<double>(classes);
}

double CategoricalFocalCrossentropy::sample_loss(std::span<const float> output, std::span<const float> target,
                                                 std::span<float> gradient) const {
    return options_.alpha * (options_.from_logits ? from_logits(output, target, gradient)
                                                  : from_probabilities(output, target, gradient));
}

/// Without alpha, but with it in the gradient.
double CategoricalFocalCrossentropy::from_logits(std::span<const float> logits, std::span<const float> target,
                                                 std::span<float> gradient) const {
    const double log_sum = crossentropy::log_sum_exp(logits, {});
    double loss = 0.0, slopes = 0.0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const double log_p = static_cast<double>(logits[i]) - log_sum;
        const auto [value, slope] = focus(std::exp(log_p), -std::expm1(log_p), log_p, options_.gamma);
        const double wanted = smooth(target[i], logits.size());
        loss += wanted * value;
        slopes += wanted * slope;
        if (!gradient.empty()) gradient[i] = static_cast<float>(options_.alpha * wanted * slope);
    }
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const double p = std::exp(static_cast<double>(logits[i]) - log_sum);
        gradient[i] -= static_cast<float>(options_.alpha * p * slopes);
    }
    return loss;
}

double CategoricalFocalCrossentropy::from_probabilities(std::span<const float> output,
                                                        std::span<const float> target,
                                                        std::span<float> gradient) const {
    const double sum = std::accumulate(output.begin(), output.end(), 0.0);
    double loss = 0.0, slopes = 0.0;
    for (std::size_t i = 0; i < output.size(); ++i) {
        const double probability = static_cast<double>(output[i]) / sum;
        const double p = crossentropy::clip(probability);
        const auto [value, slope] = focus(p, 1.0 - p, std::log(p), options_.gamma);
        const double wanted = smooth(target[i], output.size());
        loss += wanted * value;
        const double passing = crossentropy::passes_clip(probability) ? wanted * slope : 0.0;
        slopes += passing;
        if (!gradient.empty()) gradient[i] = static_cast<float>(options_.alpha * passing / (p * sum));
    }
    // The division by the sum depends on every output.
    for (float& value : gradient) value -= static_cast<float>(options_.alpha * slopes / sum);
    return loss;
}

const TypeHelp& CategoricalFocalCrossentropy::help() {
    static const TypeHelp help{
        .summary = "categorical_crossentropy with alpha * (1 - p)^gamma as a factor of each class",
        .keys = {{"alpha", "0.25", "factor of the loss, >= 0"},
                 {"gamma", "2.0", "how much less the nearly right counts, >= 0"},
                 crossentropy::from_logits_key(),
                 crossentropy::label_smoothing_key()}};
    return help;
}

std::unique_ptr<Loss> CategoricalFocalCrossentropy::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<CategoricalFocalCrossentropy>(
        keys, {.alpha = keys.get("alpha", defaults.alpha),
               .gamma = keys.get("gamma", defaults.gamma),
               .from_logits = keys.get("from_logits", defaults.from_logits),
               .label_smoothing = keys.get("label_smoothing", defaults.label_smoothing)});
}

}  // namespace lockstep
