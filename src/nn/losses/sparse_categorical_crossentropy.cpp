#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/nn/losses/sparse_categorical_crossentropy.h>

#include "crossentropy.h"

namespace lockstep {
namespace {

std::size_t class_of(float target, std::size_t classes) {
    if (target >= 0.0F && target < static_cast<float>(classes) && target == std::floor(target))
        return static_cast<std::size_t>(target);
    std::ostringstream message;
    message << "label " << target << ": expected a whole number in [0, " << classes
            << "), the number of a class; the last layer must have as many units as there are classes";
    throw DataError(message.str());
}

}  // namespace

Config SparseCategoricalCrossentropy::config() const {
    return Config::table({{"from_logits", options_.from_logits}});
}

Shape SparseCategoricalCrossentropy::target_shape(const Shape& output) const {
    crossentropy::check_classes(type(), output);
    return {1};
}

std::unique_ptr<Loss> SparseCategoricalCrossentropy::fuse(const Activation& activation) const {
    if (options_.from_logits || activation.type() != "softmax") return nullptr;
    return std::make_unique<SparseCategoricalCrossentropy>(Options{.from_logits = true});
}

double SparseCategoricalCrossentropy::sample_loss(std::span<const float> output,
                                                  std::span<const float> target,
                                                  std::span<float> gradient) const {
    const std::size_t label = class_of(target[0], output.size());
    if (options_.from_logits) {
        const double log_sum = crossentropy::log_sum_exp(output, gradient);
        if (!gradient.empty()) gradient[label] -= 1.0F;
        return log_sum - static_cast<double>(output[label]);
    }
    const double sum = std::accumulate(output.begin(), output.end(), 0.0);
    const double probability = static_cast<double>(output[label]) / sum;
    if (!gradient.empty()) {
        const bool passes = crossentropy::passes_clip(probability);
        std::ranges::fill(gradient, passes ? static_cast<float>(1.0 / sum) : 0.0F);
        if (passes) gradient[label] -= 1.0F / output[label];
    }
    return -std::log(crossentropy::clip(probability));
}

const TypeHelp& SparseCategoricalCrossentropy::help() {
    static const TypeHelp help{.summary = "several classes; targets are class numbers",
                               .keys = {crossentropy::from_logits_key()}};
    return help;
}

std::unique_ptr<Loss> SparseCategoricalCrossentropy::from_config(const Config& keys) {
    return construct_from<SparseCategoricalCrossentropy>(keys,
                                                         {.from_logits = keys.get("from_logits", false)});
}

}  // namespace lockstep
