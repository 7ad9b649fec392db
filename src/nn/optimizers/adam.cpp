#include <cmath>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/adam.h>

#include "common_keys.h"

namespace lockstep {

Adam::Adam(Options options)
    : AdaptiveMoments({.learning_rate = std::move(options.learning_rate),
                       .beta_1 = options.beta_1,
                       .beta_2 = options.beta_2,
                       .epsilon = options.epsilon,
                       .common = options.common}),
      amsgrad_(options.amsgrad) {}

Config Adam::config() const {
    Config config = AdaptiveMoments::config();
    config.set("amsgrad", amsgrad_);
    return config;
}

std::vector<std::string> Adam::slots() const {
    std::vector<std::string> names = AdaptiveMoments::slots();
    if (amsgrad_) names.emplace_back("velocity_hat");
    return names;
}

void Adam::update(const SliceUpdate& slice) const {
    const double alpha = slice.learning_rate * std::sqrt(bias_correction_2(slice.iteration)) /
                         bias_correction_1(slice.iteration);
    const math::AdamStep step{.alpha = alpha, .beta_1 = beta_1(), .beta_2 = beta_2(), .epsilon = epsilon()};
    if (amsgrad_)
        math::amsgrad(slice.gradient, step, slice.slots[0], slice.slots[1], slice.slots[2], slice.weights);
    else
        math::adam(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

TypeHelp Adam::help(std::string summary) {
    std::vector<TypeHelp::Key> keys = moments_help();
    keys.push_back({"amsgrad", "false", "divide by the root of the largest mean square so far"});
    return optimizer_help(std::move(summary), "0.001", std::move(keys));
}

const TypeHelp& Adam::help() {
    static const TypeHelp help = Adam::help("adaptive moments");
    return help;
}

Adam::Options Adam::read_options(const Config& keys) {
    const Options defaults;
    return {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
            .beta_1 = keys.get("beta_1", defaults.beta_1),
            .beta_2 = keys.get("beta_2", defaults.beta_2),
            .epsilon = keys.get("epsilon", defaults.epsilon),
            .amsgrad = keys.get("amsgrad", defaults.amsgrad),
            .common = read_optimizer_options(keys)};
}

std::unique_ptr<Optimizer> Adam::from_config(const Config& keys) {
    return construct_from<Adam>(keys, read_options(keys));
}

}  // namespace lockstep
