#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/leaky_relu.h>

#include "../option_check.h"

namespace lockstep {

LeakyRelu::LeakyRelu(Options options) : options_(options) {
    check_option(options_.negative_slope >= 0.0, "negative_slope", "a number >= 0", options_.negative_slope);
}

Config LeakyRelu::config() const {
    return Config::table({{"negative_slope", options_.negative_slope}});
}

void LeakyRelu::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    math::apply(math::Function::leaky_relu, static_cast<float>(options_.negative_slope), x.values(),
                y.values());
}

void LeakyRelu::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix y, Matrix dy, Matrix dx,
                         std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    math::apply_gradient(math::Function::leaky_relu, static_cast<float>(options_.negative_slope), y.values(),
                         dy.values(), dx.values());
}

const TypeHelp& LeakyRelu::help() {
    static const TypeHelp help{.summary = "x > 0 ? x : negative_slope * x",
                               .keys = {{"negative_slope", "0.3", "slope where x < 0, >= 0"}}};
    return help;
}

std::unique_ptr<Layer> LeakyRelu::from_config(const Config& keys) {
    return construct_from<LeakyRelu>(
        keys, {.negative_slope = keys.get("negative_slope", Options().negative_slope)});
}

}  // namespace lockstep
