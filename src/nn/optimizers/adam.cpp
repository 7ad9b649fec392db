#include <cmath>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/adam.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {

Adam::Adam(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon),
      amsgrad_(options.amsgrad) {
    check_decay("beta_1", beta_1_);
    check_decay("beta_2", beta_2_);
    check_positive("epsilon", epsilon_);
}

Config Adam::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    config.set("epsilon", epsilon_);
    config.set("amsgrad", amsgrad_);
    return config;
}

std::vector<std::string> Adam::slots() const {
    std::vector<std::string> names{"momentum", "velocity"};
    if (amsgrad_) names.emplace_back("velocity_hat");
    return names;
}

void Adam::update(const SliceUpdate& slice) const {
    const auto t = static_cast<double>(slice.iteration + 1);
    const double alpha =
        slice.learning_rate * std::sqrt(1.0 - std::pow(beta_2_, t)) / (1.0 - std::pow(beta_1_, t));
    const math::AdamStep step{.alpha = alpha, .beta_1 = beta_1_, .beta_2 = beta_2_, .epsilon = epsilon_};
    if (amsgrad_)
        math::amsgrad(slice.gradient, step, slice.slots[0], slice.slots[1], slice.slots[2], slice.weights);
    else
        math::adam(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

TypeHelp Adam::help(std::string summary) {
    return optimizer_help(std::move(summary), "0.001",
                          {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                           {"beta_2", "0.999", "decay of its square, in [0, 1)"},
                           {"epsilon", "1e-7", "added to the root"},
                           {"amsgrad", "false", "divide by the root of the largest mean square so far"}});
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
