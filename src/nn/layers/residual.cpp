#include <algorithm>
#include <iterator>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/residual.h>

namespace lockstep {
namespace {

constexpr const char* kShortcut = "shortcut";

std::vector<Chain> chains_of(Residual::Options& options) {
    if (options.layers.empty())
        throw ConfigError("layers: expected at least one layer for the shortcut to go around, got none");
    if (options.layers.contains(kShortcut))
        throw ConfigError("layers: the name \"shortcut\" is that of the other way; choose another one");
    std::vector<Chain> chains;
    chains.emplace_back(std::move(options.layers));
    chains.emplace_back(std::move(options.shortcut), std::string(kShortcut) + "/");
    return chains;
}

}  // namespace

Residual::Residual(Options options)
    : Composite(chains_of(options)),
      activation_name_(std::move(options.activation)),
      activation_(activation_name_) {}

Config Residual::config() const {
    Config config = Config::table({{"layers", chains()[body].layers().config()}});
    if (!chains()[shortcut].layers().empty()) config.set(kShortcut, chains()[shortcut].layers().config());
    config.set("activation", activation_name_);
    return config;
}

Shape Residual::build(const Shape& input) {
    build_chains(input);
    const Shape& output = chains()[body].output();
    const Shape& other = chains()[shortcut].output();
    if (output != other)
        throw ShapeError(
            "expected layers and shortcut to put out the same shape, for they are added, got " +
            output.to_string() + " from the layers and " + other.to_string() +
            " from the shortcut; `shortcut` takes layers, such as [{ type = \"conv2d\", filters = "
            "..., kernel_size = 1, strides = ... }]");
    outputs_ = output.size();
    last_axis_ = output.rank() == 0 ? 1 : output[output.rank() - 1];
    return output;
}

std::size_t Residual::saved_floats_per_sample() const {
    return Composite::saved_floats_per_sample() + activation_.saved_floats(outputs_);
}

double Residual::flops_per_sample() const {
    return Composite::flops_per_sample() + static_cast<double>(outputs_);
}

std::unique_ptr<Activation> Residual::release_activation() {
    return outputs_ == last_axis_ ? activation_.release() : nullptr;
}

std::span<float> Residual::saved_of_activation(const BatchPass& batch, std::size_t rows) const {
    return batch.saved.last(rows * activation_.saved_floats(outputs_));
}

void Residual::forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) {
    const ConstMatrix one = forward_chain(body, batch, x), other = forward_chain(shortcut, batch, x);
    math::add(one.values(), other.values(), y.values());
    activation_.apply(by_last_axis(y), saved_of_activation(batch, x.rows()));
}

void Residual::backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                              std::span<float> gradients) {
    activation_.apply_gradient(by_last_axis(y), saved_of_activation(batch, x.rows()), by_last_axis(dy));
    const Matrix copy = output_gradient(body, x.rows());
    std::ranges::copy(dy.values(), copy.data());
    backward_chain(body, batch, x, copy, dx, gradients);
    backward_chain(shortcut, batch, x, dy, dx, gradients);
}

const TypeHelp& Residual::help() {
    static const TypeHelp help{
        .summary = "layers with a way around them: activation(layers(x) + shortcut(x))",
        .keys = {{"layers", "required", "list of layers, as a model's"},
                 {kShortcut, "[]", "list of layers of the way around; none: x itself"},
                 {"activation", "\"linear\"", "of the sum; see lockstep list activations"}}};
    return help;
}

std::unique_ptr<Layer> Residual::from_config(const Config& keys) {
    Options options{.layers = LayerList::from_config(keys.at("layers"))};
    if (keys.contains(kShortcut)) options.shortcut = LayerList::from_config(keys.at(kShortcut));
    options.activation = keys.get("activation", options.activation);
    return construct_from<Residual>(keys, std::move(options));
}

}  // namespace lockstep
