#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/dropout.h>

#include "../option_check.h"

namespace lockstep {

Dropout::Dropout(Options options) : options_(options) {
    check_option(options_.rate >= 0.0 && options_.rate < 1.0, "rate", "a number in [0, 1)", options_.rate);
}

Config Dropout::config() const {
    return Config::table({{"rate", options_.rate}});
}

Shape Dropout::build(const Shape& input) {
    features_ = input.size();
    return input;
}

void Dropout::reserve(std::size_t /*rows*/) {
    uniform_ = AlignedBuffer<float>(features_);
}

void Dropout::drop(const LayerPass& pass, ConstMatrix from, Matrix to) {
    if (!pass.training || options_.rate == 0.0) {
        std::ranges::copy(from.values(), to.data());
        return;
    }
    const auto rate = static_cast<float>(options_.rate);
    const float keep_factor = 1.0F / (1.0F - rate);
    for (std::size_t row = 0; row < from.rows(); ++row) {
        pass.random.uniform(pass.position + row, 0, uniform_.span());
        const auto source = from.row(row);
        const auto result = to.row(row);
        for (std::size_t i = 0; i < features_; ++i)
            result[i] = source[i] * (uniform_[i] < rate ? 0.0F : keep_factor);
    }
}

void Dropout::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    drop(pass, x, y);
}

void Dropout::backward(const LayerPass& pass, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                       std::span<const std::span<float>> /*gradients*/) {
    if (!dx.empty()) drop(pass, dy, dx);  // drawing the mask again is cheaper than keeping it
}

const TypeHelp& Dropout::help() {
    static const TypeHelp help{
        .summary = "in training, sets a random part of the inputs to zero and scales up the rest",
        .keys = {{"rate", "required", "the part that is dropped, in [0, 1)"}}};
    return help;
}

std::unique_ptr<Layer> Dropout::from_config(const Config& keys) {
    return construct_from<Dropout>(keys, {.rate = keys.get<double>("rate")});
}

}  // namespace lockstep
