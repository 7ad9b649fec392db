#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/rescaling.h>

#include "../option_check.h"

namespace lockstep {

Rescaling::Rescaling(Options options) : options_(options) {
    check_option(std::isfinite(options_.scale), "scale", "a finite number", options_.scale);
    check_option(std::isfinite(options_.offset), "offset", "a finite number", options_.offset);
}

Config Rescaling::config() const {
    return Config::table({{"scale", options_.scale}, {"offset", options_.offset}});
}

void Rescaling::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    const auto scale = static_cast<float>(options_.scale), offset = static_cast<float>(options_.offset);
    const float* const from = x.data();
    float* const to = y.data();
    for (std::size_t i = 0; i < x.size(); ++i) to[i] = scale * from[i] + offset;
}

void Rescaling::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy,
                         Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (!dx.empty()) math::scale(dy.values(), static_cast<float>(options_.scale), dx.values());
}

const TypeHelp& Rescaling::help() {
    static const TypeHelp help{.summary = "scale * x + offset",
                               .keys = {{"scale", "required", "such as 0.00392157 for bytes to [0, 1]"},
                                        {"offset", "0.0", "what is added"}}};
    return help;
}

std::unique_ptr<Layer> Rescaling::from_config(const Config& keys) {
    return construct_from<Rescaling>(
        keys, {.scale = keys.get<double>("scale"), .offset = keys.get("offset", Options{}.offset)});
}

}  // namespace lockstep
