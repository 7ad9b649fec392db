#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/gaussian_noise.h>

#include "../option_check.h"
#include "channel_loops.h"

namespace lockstep {

GaussianNoise::GaussianNoise(Options options) : options_(options) {
    check_option(options_.stddev >= 0.0 && std::isfinite(options_.stddev), "stddev", "a number of at least 0",
                 options_.stddev);
}

Shape GaussianNoise::build(const Shape& input) {
    features_ = input.size();
    return input;
}

void GaussianNoise::reserve(std::size_t /*rows*/) {
    noise_ = AlignedBuffer<float>(features_);
}

void GaussianNoise::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    std::ranges::copy(x.values(), y.data());
    if (!pass.training || options_.stddev == 0.0) return;
    for (std::size_t row = 0; row < x.rows(); ++row) {
        pass.random.normal(pass.position + row, 0, noise_.span());
        add_scaled(noise_.data(), static_cast<float>(options_.stddev), features_, y.row(row).data());
    }
}

void GaussianNoise::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy,
                             Matrix dx, std::span<const std::span<float>> /*gradients*/) {
    if (!dx.empty()) std::ranges::copy(dy.values(), dx.data());
}

const TypeHelp& GaussianNoise::help() {
    static const TypeHelp help{.summary = "in training, adds normally distributed numbers of mean 0",
                               .keys = {{"stddev", "required", "their standard deviation"}}};
    return help;
}

std::unique_ptr<Layer> GaussianNoise::from_config(const Config& keys) {
    return construct_from<GaussianNoise>(keys, {.stddev = keys.get<double>("stddev")});
}

}  // namespace lockstep
