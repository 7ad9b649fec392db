#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/optimizers/adam.h>

#include "../option_check.h"
#include "common_keys.h"

namespace lockstep {

Adam::Adam(Options options)
    : Optimizer(options.learning_rate, options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon) {
    check_option(beta_1_ >= 0.0 && beta_1_ < 1.0, "beta_1", "a number in [0, 1)", beta_1_);
    check_option(beta_2_ >= 0.0 && beta_2_ < 1.0, "beta_2", "a number in [0, 1)", beta_2_);
    check_option(epsilon_ > 0.0, "epsilon", "a number above 0", epsilon_);
}

Config Adam::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Adam::slots() const {
    return {"momentum", "velocity"};
}

void Adam::update(const SliceUpdate& slice) const {
    const auto t = static_cast<double>(slice.iteration + 1);
    const double alpha =
        slice.learning_rate * std::sqrt(1.0 - std::pow(beta_2_, t)) / (1.0 - std::pow(beta_1_, t));
    const math::AdamStep step{.alpha = static_cast<float>(alpha),
                              .beta_1 = static_cast<float>(beta_1_),
                              .beta_2 = static_cast<float>(beta_2_),
                              .epsilon = static_cast<float>(epsilon_)};
    math::adam(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Adam::help() {
    static const TypeHelp help = optimizer_help("adaptive moments", "0.001",
                                                {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                                                 {"beta_2", "0.999", "decay of its square, in [0, 1)"},
                                                 {"epsilon", "1e-7", "added to the root"}});
    return help;
}

std::unique_ptr<Optimizer> Adam::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Adam>(keys, {.learning_rate = keys.get("learning_rate", defaults.learning_rate),
                                       .beta_1 = keys.get("beta_1", defaults.beta_1),
                                       .beta_2 = keys.get("beta_2", defaults.beta_2),
                                       .epsilon = keys.get("epsilon", defaults.epsilon),
                                       .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
