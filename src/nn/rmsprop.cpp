#include <lockstep/math/kernels.h>
#include <lockstep/nn/rmsprop.h>

#include "common_options.h"
#include "option_check.h"

namespace lockstep {

Rmsprop::Rmsprop(Options options)
    : Optimizer(common_options(options)),
      rho_(options.rho),
      momentum_(options.momentum),
      epsilon_(options.epsilon),
      centered_(options.centered) {
    check_option(rho_ >= 0.0 && rho_ < 1.0, "rho", "a number in [0, 1)", rho_);
    check_option(momentum_ >= 0.0 && momentum_ <= 1.0, "momentum", "a number in [0, 1]", momentum_);
    check_option(epsilon_ > 0.0, "epsilon", "a number above 0", epsilon_);
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
    const math::RmspropStep step{.rate = static_cast<float>(slice.learning_rate),
                                 .rho = static_cast<float>(rho_),
                                 .momentum = static_cast<float>(momentum_),
                                 .epsilon = static_cast<float>(epsilon_)};
    const std::span<float> moment = momentum_ != 0.0 ? slice.slots[1] : std::span<float>();
    const std::span<float> mean = centered_ ? slice.slots.back() : std::span<float>();
    math::rmsprop(slice.gradient, step, slice.slots[0], moment, mean, slice.weights);
}

}  // namespace lockstep
