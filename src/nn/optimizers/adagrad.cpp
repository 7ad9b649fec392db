#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/adagrad.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {

Adagrad::Adagrad(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      initial_accumulator_value_(options.initial_accumulator_value),
      epsilon_(options.epsilon) {
    check_not_negative("initial_accumulator_value", initial_accumulator_value_);
    check_positive("epsilon", epsilon_);
}

Config Adagrad::config() const {
    Config config = common_config();
    config.set("initial_accumulator_value", initial_accumulator_value_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Adagrad::slots() const {
    return {"accumulator"};
}

void Adagrad::update(const SliceUpdate& slice) const {
    const math::AdagradStep step{.rate = slice.learning_rate,
                                 .offset = initial_accumulator_value_ + epsilon_};
    math::adagrad(slice.gradient, step, slice.slots[0], slice.weights);
}

const TypeHelp& Adagrad::help() {
    static const TypeHelp help =
        optimizer_help("divides by the root of the sum of the gradient's squares", "0.001",
                       {{"initial_accumulator_value", "0.1", "what the sum of squares starts from"},
                        {"epsilon", "1e-7", "added under the root"}});
    return help;
}

std::unique_ptr<Optimizer> Adagrad::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Adagrad>(
        keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
               .initial_accumulator_value =
                   keys.get("initial_accumulator_value", defaults.initial_accumulator_value),
               .epsilon = keys.get("epsilon", defaults.epsilon),
               .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
