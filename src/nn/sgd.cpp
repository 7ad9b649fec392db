#include <lockstep/math/kernels.h>
#include <lockstep/nn/sgd.h>

#include "common_options.h"
#include "option_check.h"

namespace lockstep {

Sgd::Sgd(Options options)
    : Optimizer(common_options(options)), momentum_(options.momentum), nesterov_(options.nesterov) {
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

}  // namespace lockstep
