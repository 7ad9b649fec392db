#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/adadelta.h>

#include "../number_checks.h"
#include "common_keys.h"

namespace lockstep {

Adadelta::Adadelta(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      rho_(options.rho),
      epsilon_(options.epsilon) {
    check_decay("rho", rho_);
    check_positive("epsilon", epsilon_);
}

Config Adadelta::config() const {
    Config config = common_config();
    config.set("rho", rho_);
    config.set("epsilon", epsilon_);
    return config;
}

std::vector<std::string> Adadelta::slots() const {
    return {"accumulated_grad", "accumulated_delta_var"};
}

void Adadelta::update(const SliceUpdate& slice) const {
    const math::AdadeltaStep step{.rate = slice.learning_rate, .rho = rho_, .epsilon = epsilon_};
    math::adadelta(slice.gradient, step, slice.slots[0], slice.slots[1], slice.weights);
}

const TypeHelp& Adadelta::help() {
    static const TypeHelp help =
        optimizer_help("steps as large as recent ones, relative to recent gradients", "0.001",
                       {{"rho", "0.95", "decay of the running means, in [0, 1)"},
                        {"epsilon", "1e-7", "added under both roots"}});
    return help;
}

std::unique_ptr<Optimizer> Adadelta::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Adadelta>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                           .rho = keys.get("rho", defaults.rho),
                                           .epsilon = keys.get("epsilon", defaults.epsilon),
                                           .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
