#include <algorithm>

#include <lockstep/nn/layers/flatten.h>

namespace lockstep {

void Flatten::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    std::ranges::copy(x.values(), y.data());
}

void Flatten::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                       std::span<const std::span<float>> /*gradients*/) {
    if (!dx.empty()) std::ranges::copy(dy.values(), dx.data());
}

const TypeHelp& Flatten::help() {
    static const TypeHelp help{.summary = "all axes of a sample as one: [28, 28, 1] -> [784]", .keys = {}};
    return help;
}

std::unique_ptr<Layer> Flatten::from_config(const Config& /*keys*/) {
    return std::make_unique<Flatten>();
}

}  // namespace lockstep
