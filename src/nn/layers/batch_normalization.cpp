#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/batch_normalization.h>

#include "../option_check.h"
#include "last_axis.h"

namespace lockstep {

BatchNormalization::BatchNormalization(Options options)
    : options_(std::move(options)),
      affine_({.scale = options_.scale,
               .center = options_.center,
               .gamma = options_.gamma,
               .beta = options_.beta}),
      mean_initializer_(make_initializer(options_.moving_mean_initializer)),
      variance_initializer_(make_initializer(options_.moving_variance_initializer)) {
    check_option(options_.momentum >= 0.0 && options_.momentum <= 1.0, "momentum", "a number in [0, 1]",
                 options_.momentum);
    check_option(options_.epsilon > 0.0, "epsilon", "a number above 0", options_.epsilon);
}

Config BatchNormalization::config() const {
    Config keys = Config::table(
        {{"momentum", options_.momentum}, {"epsilon", options_.epsilon}, {"sync", options_.sync}});
    affine_.add_to(keys);
    keys.set("moving_mean_initializer", mean_initializer_->config());
    keys.set("moving_variance_initializer", variance_initializer_->config());
    return keys;
}

Shape BatchNormalization::build(const Shape& input) {
    channels_ = last_axis_of(input);
    positions_ = input.size() / channels_;
    affine_.build(channels_);
    sums_ = ChannelSums(2 * channels_);
    for (auto* buffer : {&inverse_deviation_, &factor_, &shift_, &by_input_})
        *buffer = AlignedBuffer<float>(channels_);
    return input;
}

std::vector<WeightSpec> BatchNormalization::weights() const {
    std::vector<WeightSpec> specs = affine_.weights();
    const auto add = [&](const char* name, const std::shared_ptr<const Initializer>& initializer) {
        specs.push_back({.name = name,
                         .shape = {channels_},
                         .initializer = initializer,
                         .rule = WeightRule::running_average,
                         .momentum = options_.momentum});
    };
    add("moving_mean", mean_initializer_);
    add("moving_variance", variance_initializer_);
    return specs;
}

double BatchNormalization::flops_per_sample() const {
    return 7.0 * static_cast<double>(positions_ * channels_);
}

/// In two passes: the variance is that about the mean, so a large mean does no harm.
void BatchNormalization::find_moments(ConstMatrix x, std::span<float> mean, std::span<float> variance) {
    const std::size_t channels = channels_;
    const auto average = [&](std::span<const double> sums, std::span<float> result) {
        const auto count = static_cast<double>(x.rows());
        std::ranges::transform(sums, result.begin(), [&](double s) { return static_cast<float>(s / count); });
    };
    average(sums_.over(x.rows(), channels,
                       [&](std::size_t row, float* sums) {
                           const float* const values = x.row(row).data();
                           for (std::size_t c = 0; c < channels; ++c) sums[c] += values[c];
                       }),
            mean);
    average(sums_.over(x.rows(), channels,
                       [&](std::size_t row, float* sums) {
                           const float* const values = x.row(row).data();
                           for (std::size_t c = 0; c < channels; ++c) {
                               const float distance = values[c] - mean[c];
                               sums[c] += distance * distance;
                           }
                       }),
            variance);
}

void BatchNormalization::invert_deviations(std::span<const float> variance) {
    const auto epsilon = static_cast<float>(options_.epsilon);
    for (std::size_t c = 0; c < channels_; ++c)
        inverse_deviation_[c] = 1.0F / std::sqrt(variance[c] + epsilon);
}

void BatchNormalization::normalize(const LayerPass& pass, std::span<const float> mean,
                                   std::span<const float> variance, ConstMatrix x, Matrix y) {
    invert_deviations(variance);
    const auto gamma = affine_.gamma(pass), beta = affine_.beta(pass);
    for (std::size_t c = 0; c < channels_; ++c) factor_[c] = gamma[c] * inverse_deviation_[c];
    const std::size_t channels = channels_;
    const float* const factor = factor_.data();
    for (std::size_t i = 0; i < x.size(); i += channels) {
        const float* const from = x.data() + i;
        float* const to = y.data() + i;
        for (std::size_t c = 0; c < channels; ++c) to[c] = (from[c] - mean[c]) * factor[c] + beta[c];
    }
}

void BatchNormalization::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    if (!pass.training) return normalize(pass, moving_mean(pass), pass.weights[affine_.count() + 1], x, y);
    find_moments(by_channels(x), mean_of(pass), variance_of(pass));
    normalize(pass, mean_of(pass), variance_of(pass), x, y);
}

/// Sums over the rows, by channel: of dy z, with z = (x - mean) / deviation, and behind them of dy.
std::span<const double> BatchNormalization::gradient_sums(std::span<const float> mean, ConstMatrix x,
                                                          ConstMatrix dy) {
    const std::size_t channels = channels_;
    const ConstMatrix inputs = by_channels(x), slopes = by_channels(dy);
    const float* const inverse = inverse_deviation_.data();
    return sums_.over(inputs.rows(), 2 * channels, [&](std::size_t row, float* sum) {
        const float *const in = inputs.row(row).data(), *const gradient = slopes.row(row).data();
        for (std::size_t c = 0; c < channels; ++c) sum[c] += gradient[c] * ((in[c] - mean[c]) * inverse[c]);
        for (std::size_t c = 0; c < channels; ++c) sum[channels + c] += gradient[c];
    });
}

/// With z = (x - mean) / deviation and sums over the `count` values of a channel,
/// dx = gamma / deviation (dy - sum(dy) / count - z sum(dy z) / count).
void BatchNormalization::write_dx(const LayerPass& pass, ConstMatrix x, ConstMatrix dy, double count,
                                  std::span<const double> sums, float* dx) {
    const std::size_t channels = channels_;
    const auto gamma = affine_.gamma(pass);
    const auto mean = mean_of(pass);
    for (std::size_t c = 0; c < channels; ++c) {
        factor_[c] = gamma[c] * inverse_deviation_[c];
        shift_[c] = static_cast<float>(sums[channels + c] / count);
        by_input_[c] = inverse_deviation_[c] * static_cast<float>(sums[c] / count);
    }
    const float *const factor = factor_.data(), *const shift = shift_.data(), *const slope = by_input_.data();
    for (std::size_t i = 0; i < x.size(); i += channels) {
        const float *const in = x.data() + i, *const gradient = dy.data() + i;
        float* const to = dx + i;
        for (std::size_t c = 0; c < channels; ++c)
            to[c] = factor[c] * (gradient[c] - shift[c] - (in[c] - mean[c]) * slope[c]);
    }
}

/// Of `samples` whose gradient_sums() are `sums`. `count`: of the values of a channel that the moments are
/// of.
void BatchNormalization::write_gradients(const LayerPass& moments, std::size_t samples, double count,
                                         std::span<const double> sums,
                                         std::span<const std::span<float>> gradients) const {
    affine_.write_gradients(sums.first(channels_), sums.last(channels_), gradients);
    const auto rows = static_cast<float>(samples);
    const auto correction = static_cast<float>(count > 1.0 ? count / (count - 1.0) : 1.0);
    for (std::size_t c = 0; c < channels_; ++c) {
        gradients[affine_.count()][c] = rows * mean_of(moments)[c];
        gradients[affine_.count() + 1][c] = rows * correction * variance_of(moments)[c];
    }
}

void BatchNormalization::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                  Matrix dx, std::span<const std::span<float>> gradients) {
    invert_deviations(variance_of(pass));
    const auto sums = gradient_sums(mean_of(pass), x, dy);
    const auto count = static_cast<double>(by_channels(x).rows());
    write_gradients(pass, x.rows(), count, sums, gradients);
    if (!dx.empty()) write_dx(pass, x, dy, count, sums, dx.data());
}

const TypeHelp& BatchNormalization::help() {
    static const TypeHelp help{
        .summary =
            "each channel with mean 0 and variance 1 over the shard or batch; later, with those of training",
        .keys =
            with_weight_help({{"momentum", "0.99", "of the moving mean and variance, in [0, 1]"},
                              {"epsilon", "1e-3", "added to the variance"},
                              {"sync", "false",
                               "statistics of the whole batch on all ranks, not of the shard (Keras' "
                               "synchronized)"},
                              {"center", "true", "whether beta is added"},
                              {"scale", "true", "whether gamma multiplies"},
                              {"moving_mean_initializer", "\"zeros\"", "how the moving mean starts"},
                              {"moving_variance_initializer", "\"ones\"", "how the moving variance starts"}},
                             {{"beta", "zeros", "beta"}, {"gamma", "ones", "gamma"}})};
    return help;
}

std::unique_ptr<Layer> BatchNormalization::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<BatchNormalization>(
        keys,
        {.momentum = keys.get("momentum", defaults.momentum),
         .epsilon = keys.get("epsilon", defaults.epsilon),
         .sync = keys.get("sync", defaults.sync),
         .center = keys.get("center", defaults.center),
         .scale = keys.get("scale", defaults.scale),
         .beta = read_weight_options(keys, "beta", defaults.beta),
         .gamma = read_weight_options(keys, "gamma", defaults.gamma),
         .moving_mean_initializer = keys.get("moving_mean_initializer", defaults.moving_mean_initializer),
         .moving_variance_initializer =
             keys.get("moving_variance_initializer", defaults.moving_variance_initializer)});
}

}  // namespace lockstep
