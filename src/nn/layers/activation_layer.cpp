#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/activation_layer.h>

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
    last_axis_ = input.rank() == 0 ? 1 : input[input.rank() - 1];
    is_on_axis_ = input.size() != last_axis_;
    return input;
}

std::unique_ptr<Activation> ActivationLayer::release_activation() {
    const bool stays = is_on_axis_ || (activation_ && activation_->needs_input());
    return stays ? nullptr : std::move(activation_);
}

void ActivationLayer::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    std::ranges::copy(x.values(), y.data());
    if (activation_) activation_->apply(by_last_axis(y));
}

void ActivationLayer::backward(const LayerPass& /*pass*/, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                               std::span<const std::span<float>> /*gradients*/) {
    if (dx.empty()) return;
    std::ranges::copy(dy.values(), dx.data());
    if (activation_) activation_->apply_gradient(by_last_axis(x), by_last_axis(y), by_last_axis(dx));
}

const TypeHelp& ActivationLayer::help() {
    static const TypeHelp help{.summary = "an activation as a layer of its own",
                               .keys = {{"activation", "required", "see lockstep list activations"}}};
    return help;
}

std::unique_ptr<Layer> ActivationLayer::from_config(const Config& keys) {
    return construct_from<ActivationLayer>(keys, {.activation = keys.get<std::string>("activation")});
}

}  // namespace lockstep
