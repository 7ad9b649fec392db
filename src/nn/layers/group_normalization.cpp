#include <algorithm>
#include <cmath>
#include <numeric>

#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/group_normalization.h>

#include "../option_check.h"
#include "last_axis.h"

namespace lockstep {

GroupNormalization::GroupNormalization(Options options)
    : options_(std::move(options)),
      affine_({.scale = options_.scale,
               .center = options_.center,
               .gamma = options_.gamma,
               .beta = options_.beta}) {
    check_option(options_.groups >= 1 || options_.groups == -1, "groups",
                 "at least 1, or -1 for one per channel", options_.groups);
    check_option(options_.epsilon > 0.0, "epsilon", "a number above 0", options_.epsilon);
}

Config GroupNormalization::config() const {
    Config keys = Config::table({{"groups", options_.groups}, {"epsilon", options_.epsilon}});
    affine_.add_to(keys);
    return keys;
}

Shape GroupNormalization::build(const Shape& input) {
    channels_ = last_axis_of(input);
    groups_ = options_.groups == -1 ? channels_ : static_cast<std::size_t>(options_.groups);
    if (channels_ % groups_ != 0)
        throw ShapeError("expected a multiple of " + std::to_string(groups_) +
                         " channels (the last axis), got " + input.to_string() + "; change groups");
    positions_ = input.size() / channels_;
    affine_.build(channels_);
    sums_ = ChannelSums(2 * channels_);
    for (auto* buffer : {&mean_, &inverse_deviation_, &slope_, &shift_})
        *buffer = AlignedBuffer<float>(channels_);
    by_group_ = AlignedBuffer<float>(groups_);
    weighted_ = AlignedBuffer<double>(channels_);
    gradients_ = AlignedBuffer<double>(2 * channels_);
    return input;
}

double GroupNormalization::flops_per_sample() const {
    return 8.0 * static_cast<double>(positions_ * channels_);
}

/// Sums by channel -> means of the groups.
void GroupNormalization::to_groups(std::span<const double> by_channel, std::span<float> by_group) const {
    const std::size_t width = channels_ / groups_;
    const auto count = static_cast<double>(width * positions_);
    for (std::size_t g = 0; g < groups_; ++g) {
        const auto part = by_channel.subspan(g * width, width);
        by_group[g] = static_cast<float>(std::accumulate(part.begin(), part.end(), 0.0) / count);
    }
}

void GroupNormalization::to_channels(std::span<const float> by_group, std::span<float> by_channel) const {
    const std::size_t width = channels_ / groups_;
    for (std::size_t g = 0; g < groups_; ++g)
        std::ranges::fill(by_channel.subspan(g * width, width), by_group[g]);
}

/// In two passes: the variance is that about the mean. `statistics`: means of the groups, then
/// 1 / sqrt(variance + epsilon).
void GroupNormalization::measure(const float* x, std::span<float> statistics) {
    const std::size_t channels = channels_;
    const auto means = statistics.first(groups_), inverse = statistics.last(groups_);
    to_groups(sums_.over(positions_, channels,
                         [&](std::size_t position, float* sums) {
                             const float* const from = x + position * channels;
                             for (std::size_t c = 0; c < channels; ++c) sums[c] += from[c];
                         }),
              means);
    to_channels(means, mean_.span());
    const float* const mean = mean_.data();
    to_groups(sums_.over(positions_, channels,
                         [&](std::size_t position, float* sums) {
                             const float* const from = x + position * channels;
                             for (std::size_t c = 0; c < channels; ++c) {
                                 const float distance = from[c] - mean[c];
                                 sums[c] += distance * distance;
                             }
                         }),
              inverse);
    const auto epsilon = static_cast<float>(options_.epsilon);
    for (float& value : inverse) value = 1.0F / std::sqrt(value + epsilon);
    to_channels(inverse, inverse_deviation_.span());
}

void GroupNormalization::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const auto gamma = affine_.gamma(pass), beta = affine_.beta(pass);
    const std::size_t channels = channels_;
    const float *const mean = mean_.data(), *const factor = slope_.data();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        measure(x.row(row).data(), pass.saved.subspan(2 * groups_ * row, 2 * groups_));
        for (std::size_t c = 0; c < channels; ++c) slope_[c] = inverse_deviation_[c] * gamma[c];
        for (std::size_t i = 0; i < x.columns(); i += channels) {
            const float* const from = x.row(row).data() + i;
            float* const to = y.row(row).data() + i;
            for (std::size_t c = 0; c < channels; ++c) to[c] = (from[c] - mean[c]) * factor[c] + beta[c];
        }
    }
}

void GroupNormalization::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix /*y*/, Matrix dy,
                                  Matrix dx, std::span<const std::span<float>> gradients) {
    std::ranges::fill(gradients_.span(), 0.0);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const auto statistics = pass.saved.subspan(2 * groups_ * row, 2 * groups_);
        to_channels(statistics.first(groups_), mean_.span());
        to_channels(statistics.last(groups_), inverse_deviation_.span());
        const auto sums = sum_gradients(x.row(row).data(), dy.row(row).data());
        for (std::size_t i = 0; i < sums.size(); ++i) gradients_[i] += sums[i];
        if (!dx.empty())
            write_dx(x.row(row).data(), dy.row(row).data(), affine_.gamma(pass), sums, dx.row(row).data());
    }
    affine_.write_gradients(gradients_.span().first(channels_), gradients_.span().last(channels_), gradients);
}

/// By channel, over the positions of one sample: sum(dy z), with z = (x - mean) / deviation; then sum(dy).
std::span<const double> GroupNormalization::sum_gradients(const float* x, const float* dy) {
    const std::size_t channels = channels_;
    const float *const mean = mean_.data(), *const inverse = inverse_deviation_.data();
    return sums_.over(positions_, 2 * channels, [&](std::size_t position, float* sums) {
        const float *const in = x + position * channels, *const slope = dy + position * channels;
        for (std::size_t c = 0; c < channels; ++c) sums[c] += slope[c] * ((in[c] - mean[c]) * inverse[c]);
        for (std::size_t c = 0; c < channels; ++c) sums[channels + c] += slope[c];
    });
}

/// With g = gamma dy: dx = (g - mean(g) - z mean(g z)) / deviation, means over the group.
void GroupNormalization::write_dx(const float* x, const float* dy, std::span<const float> gamma,
                                  std::span<const double> sums, float* dx) {
    const auto means_of_groups = [&](std::span<const double> of_dy, std::span<float> by_channel) {
        for (std::size_t c = 0; c < channels_; ++c) weighted_[c] = static_cast<double>(gamma[c]) * of_dy[c];
        to_groups(weighted_.span(), by_group_.span());
        to_channels(by_group_.span(), by_channel);
    };
    means_of_groups(sums.first(channels_), slope_.span());
    means_of_groups(sums.last(channels_), shift_.span());
    const std::size_t channels = channels_;
    const float *const mean = mean_.data(), *const inverse = inverse_deviation_.data();
    const float *const slope = slope_.data(), *const shift = shift_.data();
    for (std::size_t i = 0; i < positions_ * channels; i += channels)
        for (std::size_t c = 0; c < channels; ++c) {
            const float z = (x[i + c] - mean[c]) * inverse[c];
            dx[i + c] = inverse[c] * (gamma[c] * dy[i + c] - shift[c] - z * slope[c]);
        }
}

const TypeHelp& GroupNormalization::help() {
    static const TypeHelp help{
        .summary = "groups of channels of each sample with mean 0 and variance 1",
        .keys = with_weight_help({{"groups", "32", "how many; -1: one per channel (instance normalization)"},
                                  {"epsilon", "1e-3", "added to the variance"},
                                  {"center", "true", "whether beta is added"},
                                  {"scale", "true", "whether gamma multiplies"}},
                                 {{"beta", "zeros", "beta"}, {"gamma", "ones", "gamma"}})};
    return help;
}

std::unique_ptr<Layer> GroupNormalization::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<GroupNormalization>(keys,
                                              {.groups = keys.get("groups", defaults.groups),
                                               .epsilon = keys.get("epsilon", defaults.epsilon),
                                               .center = keys.get("center", defaults.center),
                                               .scale = keys.get("scale", defaults.scale),
                                               .beta = read_weight_options(keys, "beta", defaults.beta),
                                               .gamma = read_weight_options(keys, "gamma", defaults.gamma)});
}

}  // namespace lockstep
