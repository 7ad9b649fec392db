#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/layer_normalization.h>

#include "../option_check.h"
#include "last_axis.h"
#include "sum_of.h"

namespace lockstep {
namespace {

/// What backward needs of one position.
struct Statistics {
    float mean, inverse_deviation;
};

/// In two passes: the variance is that about the mean.
Statistics measure(const float* x, std::size_t features, double epsilon) {
    const auto count = static_cast<double>(features);
    const auto mean = static_cast<float>(sum_of(features, [=](std::size_t i) { return x[i]; }) / count);
    const double variance = sum_of(features,
                                   [=](std::size_t i) {
                                       const float distance = x[i] - mean;
                                       return distance * distance;
                                   }) /
                            count;
    return {mean, static_cast<float>(1.0 / std::sqrt(variance + epsilon))};
}

/// With z = (x - mean) / deviation and g = gamma dy: dx = (g - mean(g) - z mean(g z)) / deviation.
void write_dx(const float* x, const float* dy, const float* gamma, std::size_t features,
              const Statistics& statistics, float* dx) {
    const auto count = static_cast<double>(features);
    const auto [mean, inverse] = statistics;
    const auto z = [=, mean = mean, inverse = inverse](std::size_t i) { return (x[i] - mean) * inverse; };
    const auto g_mean =
        static_cast<float>(sum_of(features, [=](std::size_t i) { return gamma[i] * dy[i]; }) / count);
    const auto gz_mean =
        static_cast<float>(sum_of(features, [=](std::size_t i) { return gamma[i] * dy[i] * z(i); }) / count);
    for (std::size_t i = 0; i < features; ++i) dx[i] = inverse * (gamma[i] * dy[i] - g_mean - z(i) * gz_mean);
}

}  // namespace

LayerNormalization::LayerNormalization(Options options)
    : options_(std::move(options)),
      affine_({.scale = options_.scale,
               .center = options_.center,
               .gamma = options_.gamma,
               .beta = options_.beta}) {
    check_option(options_.epsilon > 0.0, "epsilon", "a number above 0", options_.epsilon);
}

Config LayerNormalization::config() const {
    Config keys = Config::table({{"epsilon", options_.epsilon}});
    affine_.add_to(keys);
    return keys;
}

Shape LayerNormalization::build(const Shape& input) {
    features_ = last_axis_of(input);
    positions_ = input.size() / features_;
    affine_.build(features_);
    sums_ = ChannelSums(2 * features_);
    return input;
}

double LayerNormalization::flops_per_sample() const {
    return 8.0 * static_cast<double>(positions_ * features_);
}

void LayerNormalization::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const float *const gamma = affine_.gamma(pass).data(), *const beta = affine_.beta(pass).data();
    for (std::size_t row = 0; row < x.rows() * positions_; ++row) {
        const float* const from = x.data() + row * features_;
        float* const to = y.data() + row * features_;
        const auto [mean, inverse] = measure(from, features_, options_.epsilon);
        pass.saved[2 * row] = mean;
        pass.saved[2 * row + 1] = inverse;
        for (std::size_t i = 0, count = features_; i < count; ++i)
            to[i] = (from[i] - mean) * inverse * gamma[i] + beta[i];
    }
}

void LayerNormalization::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                  Matrix dx, std::span<const std::span<float>> gradients) {
    const std::size_t features = features_;
    const float* const gamma = affine_.gamma(pass).data();
    const auto sums = sums_.over(x.rows() * positions_, 2 * features, [&](std::size_t row, float* sum) {
        const float *const in = x.data() + row * features, *const slope = dy.data() + row * features;
        const Statistics statistics{pass.saved[2 * row], pass.saved[2 * row + 1]};
        const auto [mean, inverse] = statistics;
        for (std::size_t i = 0; i < features; ++i) sum[i] += slope[i] * ((in[i] - mean) * inverse);
        for (std::size_t i = 0; i < features; ++i) sum[features + i] += slope[i];
        if (!dx.empty()) write_dx(in, slope, gamma, features, statistics, dx.data() + row * features);
    });
    affine_.write_gradients(sums.first(features), sums.last(features), gradients);
}

const TypeHelp& LayerNormalization::help() {
    static const TypeHelp help{
        .summary = "the last axis of each sample with mean 0 and variance 1",
        .keys = with_weight_help({{"epsilon", "1e-3", "added to the variance"},
                                  {"center", "true", "whether beta is added"},
                                  {"scale", "true", "whether gamma multiplies"}},
                                 {{"beta", "zeros", "beta"}, {"gamma", "ones", "gamma"}})};
    return help;
}

std::unique_ptr<Layer> LayerNormalization::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<LayerNormalization>(keys,
                                              {.epsilon = keys.get("epsilon", defaults.epsilon),
                                               .center = keys.get("center", defaults.center),
                                               .scale = keys.get("scale", defaults.scale),
                                               .beta = read_weight_options(keys, "beta", defaults.beta),
                                               .gamma = read_weight_options(keys, "gamma", defaults.gamma)});
}

}  // namespace lockstep
