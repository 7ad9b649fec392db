#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Fully connected layer: y = f(x W + b).
///
/// Shapes: x [rows, ..., inputs], kernel W [inputs, units], bias b [units], y [rows, ..., units]: of several
/// axes it works on the last one, as Keras does. Put a flatten layer before it to connect all.
class Dense final : public ShardLayer {
public:
    struct Options {
        std::size_t units = 0;
        std::string activation = "linear";
        bool use_bias = true;
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions bias = {};
    };

    /// Throws ConfigError if units is 0, or something named cannot be made.
    explicit Dense(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "dense"; }
    Config config() const override;
    /// Throws ShapeError if the input has no axis.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    std::size_t saved_floats_per_sample() const override;
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    /// Of inputs of one axis: a loss sees a sample as a whole.
    std::unique_ptr<Activation> release_activation() override {
        return positions_ == 1 ? activation_.release() : nullptr;
    }

private:
    Options options_;
    LayerWeight kernel_, bias_;
    LayerActivation activation_;
    std::size_t inputs_ = 0;
    std::size_t positions_ = 0;  // of a sample, before the last axis
};

}  // namespace lockstep
