#include <cmath>
#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/adamax.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {

Adamax::Adamax(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2),
      epsilon_(options.epsilon) {
    check_decay("beta_1", beta_1_);
    check_decay("beta_2", beta_2_);
    check_positive("epsilon", epsilon_);
}

Config Adamax::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Adamax::slots() const {
    return {"momentum", "norm"};
}

void Adamax::update(const SliceUpdate& slice) const {
    const auto t = static_cast<double>(slice.iteration + 1);
    const math::AdamStep step{.alpha = slice.learning_rate / (1.0 - std::pow(beta_1_, t)),
                              .beta_1 = beta_1_,
                              .beta_2 = beta_2_,
                              .epsilon = epsilon_};
    math::adamax(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Adamax::help() {
    static const TypeHelp help =
        optimizer_help("divides by the largest recent magnitude of the gradient", "0.001",
                       {{"beta_1", "0.9", "decay of the mean gradient, in [0, 1)"},
                        {"beta_2", "0.999", "decay of the largest magnitude, in [0, 1)"},
                        {"epsilon", "1e-7", "added to the largest magnitude"}});
    return help;
}

std::unique_ptr<Optimizer> Adamax::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Adamax>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                         .beta_1 = keys.get("beta_1", defaults.beta_1),
                                         .beta_2 = keys.get("beta_2", defaults.beta_2),
                                         .epsilon = keys.get("epsilon", defaults.epsilon),
                                         .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
