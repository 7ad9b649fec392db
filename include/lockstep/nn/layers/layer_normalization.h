#pragma once

#include <string>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/channel_sums.h>
#include <lockstep/nn/layers/scale_and_center.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// The last axis with mean 0 and variance 1, at each position of each sample by itself:
/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta. (Ba et al., arXiv:1607.06450)
///
/// Shapes: x, y [rows, ..., features]; gamma, beta [features].
class LayerNormalization final : public ShardLayer {
public:
    struct Options {
        double epsilon = 1e-3;
        bool center = true;  // whether there is a beta
        bool scale = true;   // whether there is a gamma
        WeightOptions beta = {};
        WeightOptions gamma = {.initializer = "ones"};
    };

    /// Throws ConfigError unless epsilon > 0, or if a name is unknown.
    explicit LayerNormalization(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "layer_normalization"; }
    Config config() const override;
    /// Throws ShapeError if the input has no axis.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override { return affine_.weights(); }
    /// Mean and 1 / sqrt(variance + epsilon) of each position.
    std::size_t saved_floats_per_sample() const override { return 2 * positions_; }
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
    ScaleAndCenter affine_;
    std::size_t features_ = 1;
    std::size_t positions_ = 0;  // of a sample, before the last axis
    ChannelSums sums_;
};

}  // namespace lockstep
