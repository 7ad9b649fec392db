#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/lion.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "common_keys.h"

namespace lockstep {

Lion::Lion(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      beta_1_(options.beta_1),
      beta_2_(options.beta_2) {
    check_option(beta_1_ > 0.0 && beta_1_ <= 1.0, "beta_1", "a number in (0, 1]", beta_1_);
    check_decay("beta_2", beta_2_);
}

Config Lion::config() const {
    Config config = common_config();
    config.set("beta_1", beta_1_);
    config.set("beta_2", beta_2_);
    return config;
}

std::vector<std::string> Lion::slots() const {
    return {"momentum"};
}

void Lion::update(const SliceUpdate& slice) const {
    const math::LionStep step{.rate = slice.learning_rate, .beta_1 = beta_1_, .beta_2 = beta_2_};
    math::lion(slice.gradient, step, slice.slots[0], slice.weights);
}

const TypeHelp& Lion::help() {
    static const TypeHelp help =
        optimizer_help("moves every weight by the rate, along the sign of the mean gradient", "0.001",
                       {{"beta_1", "0.9", "part of the mean gradient in the direction, in (0, 1]"},
                        {"beta_2", "0.99", "decay of the mean gradient, in [0, 1)"}});
    return help;
}

std::unique_ptr<Optimizer> Lion::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Lion>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                       .beta_1 = keys.get("beta_1", defaults.beta_1),
                                       .beta_2 = keys.get("beta_2", defaults.beta_2),
                                       .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
