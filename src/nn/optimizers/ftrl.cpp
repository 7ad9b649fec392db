#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/ftrl.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {

Ftrl::Ftrl(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      initial_accumulator_value_(options.initial_accumulator_value),
      l1_regularization_strength_(options.l1_regularization_strength),
      l2_regularization_strength_(options.l2_regularization_strength),
      l2_shrinkage_regularization_strength_(options.l2_shrinkage_regularization_strength),
      beta_(options.beta) {
    check_positive("initial_accumulator_value", initial_accumulator_value_);
    check_not_negative("l1_regularization_strength", l1_regularization_strength_);
    check_not_negative("l2_regularization_strength", l2_regularization_strength_);
    check_not_negative("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength_);
    check_not_negative("beta", beta_);
}

Config Ftrl::config() const {
    Config config = common_config();
    config.set("initial_accumulator_value", initial_accumulator_value_);
    config.set("l1_regularization_strength", l1_regularization_strength_);
    config.set("l2_regularization_strength", l2_regularization_strength_);
    config.set("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength_);
    config.set("beta", beta_);
    return config;
}

std::vector<std::string> Ftrl::slots() const {
    return {"accumulator", "linear"};
}

void Ftrl::update(const SliceUpdate& slice) const {
    const double rate = slice.learning_rate;
    if (rate == 0.0) return;
    const math::FtrlStep step{.rate = rate,
                              .offset = initial_accumulator_value_,
                              .l1 = l1_regularization_strength_,
                              .l2 = l2_regularization_strength_ + beta_ / (2.0 * rate),
                              .l2_shrinkage = l2_shrinkage_regularization_strength_};
    math::ftrl(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Ftrl::help() {
    static const TypeHelp help = optimizer_help(
        "follows the regularized leader: sparse weights for many sparse inputs", "0.001",
        {{"initial_accumulator_value", "0.1", "what the sum of squares starts from, above 0"},
         {"l1_regularization_strength", "0.0", "weights below it become 0"},
         {"l2_regularization_strength", "0.0", "pulls weights towards 0"},
         {"l2_shrinkage_regularization_strength", "0.0", "adds to the gradient what an l2 penalty would"},
         {"beta", "0.0", "makes the first steps smaller"}});
    return help;
}

std::unique_ptr<Optimizer> Ftrl::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Ftrl>(
        keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
               .initial_accumulator_value =
                   keys.get("initial_accumulator_value", defaults.initial_accumulator_value),
               .l1_regularization_strength =
                   keys.get("l1_regularization_strength", defaults.l1_regularization_strength),
               .l2_regularization_strength =
                   keys.get("l2_regularization_strength", defaults.l2_regularization_strength),
               .l2_shrinkage_regularization_strength = keys.get(
                   "l2_shrinkage_regularization_strength", defaults.l2_shrinkage_regularization_strength),
               .beta = keys.get("beta", defaults.beta),
               .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
