#include <utility>

#include <lockstep/core/construct.h>
#include <lockstep/math/optimizer_kernels.h>
#include <lockstep/nn/optimizers/sgd.h>

#include "../option_check.h"
#include "common_keys.h"

namespace lockstep {

Sgd::Sgd(Options options)
    : Optimizer(std::move(options.learning_rate), options.common),
      momentum_(options.momentum),
      nesterov_(options.nesterov) {
    check_option(momentum_ >= 0.0 && momentum_ <= 1.0, "momentum", "a number in [0, 1]", momentum_);
}

Config Sgd::config() const {
    Config config = common_config();
    config.set("momentum", momentum_);
    config.set("nesterov", nesterov_);
    return config;
}

std::vector<std::string> Sgd::slots() const {
    if (momentum_ == 0.0) return {};
    return {"momentum"};
}

void Sgd::update(const SliceUpdate& slice) const {
    const auto rate = static_cast<float>(slice.learning_rate);
    if (momentum_ == 0.0)
        math::sgd(slice.gradient, rate, slice.weights);
    else
        math::sgd_momentum(slice.gradient, rate, static_cast<float>(momentum_), nesterov_, slice.slots[0],
                           slice.weights);
}

const TypeHelp& Sgd::help() {
    static const TypeHelp help =
        optimizer_help("gradient descent, with momentum if asked for", "0.01",
                       {{"momentum", "0.0", "part of the last step that is kept, in [0, 1]"},
                        {"nesterov", "false", "look ahead along the momentum"}});
    return help;
}

std::unique_ptr<Optimizer> Sgd::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Sgd>(keys, {.learning_rate = read_learning_rate(keys, defaults.learning_rate),
                                      .momentum = keys.get("momentum", defaults.momentum),
                                      .nesterov = keys.get("nesterov", defaults.nesterov),
                                      .common = read_optimizer_options(keys)});
}

}  // namespace lockstep
