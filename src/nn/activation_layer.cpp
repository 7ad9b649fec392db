#include <algorithm>

#include <lockstep/nn/activation_layer.h>

namespace lockstep {

ActivationLayer::ActivationLayer(Options options)
    : options_(std::move(options)), activation_(make_activation(options_.activation)) {}

std::unique_ptr<ActivationLayer> ActivationLayer::shorthand(const std::string& activation) {
    auto layer = std::make_unique<ActivationLayer>(Options{.activation = activation});
    layer->type_ = activation;
    return layer;
}

Config ActivationLayer::config() const {
    if (type_ == options_.activation) return Config::table();
    return Config::table({{"activation", options_.activation}});
}

Shape ActivationLayer::build(const Shape& input) {
    return input;
}

void ActivationLayer::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    std::ranges::copy(x.values(), y.data());
    if (activation_) activation_->apply(y);
}

void ActivationLayer::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix y, Matrix dy,
                               Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    std::ranges::copy(dy.values(), dx.data());
    if (activation_) activation_->apply_gradient(y, dx);
}

}  // namespace lockstep
