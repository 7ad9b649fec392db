#pragma once

#include <string>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/channel_sums.h>
#include <lockstep/nn/layers/scale_and_center.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Groups of channels with mean 0 and variance 1, each group of each sample by itself, over all axes:
/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta. (Wu and He, ECCV 2018)
///
/// Shapes: x, y [rows, ..., channels]; gamma, beta [channels].
class GroupNormalization final : public ShardLayer {
public:
    struct Options {
        int groups = 32;  // -1: a group per channel (instance normalization)
        double epsilon = 1e-3;
        bool center = true;  // whether there is a beta
        bool scale = true;   // whether there is a gamma
        WeightOptions beta = {};
        WeightOptions gamma = {.initializer = "ones"};
    };

    /// Throws ConfigError unless groups is positive or -1 and epsilon > 0, or if a name is unknown.
    explicit GroupNormalization(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "group_normalization"; }
    Config config() const override;
    /// Throws ShapeError if the input has no axis, or its channels are no multiple of the groups.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override { return affine_.weights(); }
    /// Mean and 1 / sqrt(variance + epsilon) of each group.
    std::size_t saved_floats_per_sample() const override { return 2 * groups_; }
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    void to_groups(std::span<const double> by_channel, std::span<float> by_group) const;
    void to_channels(std::span<const float> by_group, std::span<float> by_channel) const;
    void measure(const float* x, std::span<float> statistics);
    std::span<const double> sum_gradients(const float* x, const float* dy);
    void write_dx(const float* x, const float* dy, std::span<const float> gamma, std::span<const double> sums,
                  float* dx);

    Options options_;
    ScaleAndCenter affine_;
    std::size_t channels_ = 1;
    std::size_t groups_ = 1;
    std::size_t positions_ = 0;                                      // of a sample, before the last axis
    ChannelSums sums_;                                               // of one sample
    AlignedBuffer<float> mean_, inverse_deviation_, slope_, shift_;  // of one sample, by channel
    AlignedBuffer<float> by_group_;
    AlignedBuffer<double> weighted_;   // sums times gamma
    AlignedBuffer<double> gradients_;  // of gamma, then of beta
};

}  // namespace lockstep
