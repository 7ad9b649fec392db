#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/elu.h>

#include "../option_check.h"

namespace lockstep {

Elu::Elu(Options options) : options_(options) {
    check_option(options_.alpha >= 0.0, "alpha", "a number >= 0", options_.alpha);
}

Config Elu::config() const {
    return Config::table({{"alpha", options_.alpha}});
}

void Elu::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    math::apply(math::Function::elu, static_cast<float>(options_.alpha), x.values(), y.values());
}

void Elu::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix y, Matrix dy, Matrix dx,
                   std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    math::apply_gradient(math::Function::elu, static_cast<float>(options_.alpha), y.values(), dy.values(),
                         dx.values());
}

const TypeHelp& Elu::help() {
    static const TypeHelp help{.summary = "x > 0 ? x : alpha * (exp(x) - 1)",
                               .keys = {{"alpha", "1.0", "minus what it tends to for small x, >= 0"}}};
    return help;
}

std::unique_ptr<Layer> Elu::from_config(const Config& keys) {
    return construct_from<Elu>(keys, {.alpha = keys.get("alpha", Options().alpha)});
}

}  // namespace lockstep
