#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/rmsprop.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "common_keys.h"

namespace lockstep {

Rmsprop::Rmsprop(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      rho_(options.rho),
      momentum_(options.momentum),
      epsilon_(options.epsilon),
      centered_(options.centered) {
    check_decay("rho", rho_);
    check_option(momentum_ >= 0.0 && momentum_ <= 1.0, "momentum", "a number in [0, 1]", momentum_);
    check_positive("epsilon", epsilon_);
}

Config Rmsprop::config() const {
    Config config = common_config();
    config.set("rho", rho_);
    config.set("momentum", momentum_);
    config.set("epsilon", epsilon_);
    config.set("centered", centered_);
    return config;
}

std::vector<std::string> Rmsprop::slots() const {
    std::vector<std::string> names{"velocity"};
    if (momentum_ != 0.0) names.emplace_back("momentum");
    if (centered_) names.emplace_back("average_gradient");
    return names;
}

void Rmsprop::update(const SliceUpdate& slice) const {
    const math::RmspropStep step{
        .rate = slice.learning_rate, .rho = rho_, .momentum = momentum_, .epsilon = epsilon_};
    const std::span<float> moment = momentum_ != 0.0 ? slice.slots[1] : std::span<float>();
    const std::span<float> mean = centered_ ? slice.slots.back() : std::span<float>();
    math::rmsprop(slice.gradient, step, slice.slots[0], moment, mean, slice.weights);
}

const TypeHelp& Rmsprop::help() {
    static const TypeHelp help =
        optimizer_help("divides by a running mean of the gradient's magnitude", "0.001",
                       {{"rho", "0.9", "decay of the running mean, in [0, 1)"},
                        {"momentum", "0.0", "part of the last step that is kept, in [0, 1]"},
                        {"epsilon", "1e-7", "added under the root"},
                        {"centered", "false", "divide by the standard deviation"}});
    return help;
}

std::unique_ptr<Optimizer> Rmsprop::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Rmsprop>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                          .rho = keys.get("rho", defaults.rho),
                                          .momentum = keys.get("momentum", defaults.momentum),
                                          .epsilon = keys.get("epsilon", defaults.epsilon),
                                          .centered = keys.get("centered", defaults.centered),
                                          .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
