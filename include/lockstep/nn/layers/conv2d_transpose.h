#pragma once

#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/layers/bias_activation.h>
#include <lockstep/nn/layers/patch_grid.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Transposed convolution: what a convolution with windows over y does to gradients, done to values. Every
/// position of x adds its values times the kernel to its window on y:
///
///     y[p * stride + t - before, f] += sum over c of x[p, c] W[t, f, c];   y = act(y + b)
///
/// Shapes: x [rows, height, width, channels], kernel W [kernel_size..., filters, channels], bias b [filters],
/// y [rows, height', width', filters]; height' is height * stride with padding "same", and with "valid" as
/// much more as the last window reaches beyond that (Keras, Conv2DTranspose).
class Conv2DTranspose final : public ShardLayer {
public:
    /// Sizes are one number for both axes, or one for each.
    struct Options {
        std::size_t filters = 0;
        std::vector<std::size_t> kernel_size{};
        std::vector<std::size_t> strides{1};
        std::string padding = "valid";  // or "same"
        std::string activation = "linear";
        bool use_bias = true;
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions bias = {};
    };

    /// Throws ConfigError if an option is out of its range or a name is unknown.
    explicit Conv2DTranspose(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "conv2d_transpose"; }
    Config config() const override;
    /// Throws ShapeError unless the input is [height, width, channels].
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    std::size_t saved_floats_per_sample() const override { return end_.saved_floats(outputs_); }
    void reserve(std::size_t rows) override;
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    /// Of outputs of one position: a loss sees a sample as a whole.
    std::unique_ptr<Activation> release_activation() override {
        return outputs_ == 1 ? end_.release() : nullptr;
    }

private:
    Options options_;
    Padding padding_;
    LayerWeight kernel_, bias_;
    BiasActivation end_;
    PatchGrid windows_;  // over y; their positions are those of x
    std::size_t channels_ = 0;
    std::size_t outputs_ = 0;     // positions of y
    AlignedBuffer<float> block_;  // patches of one block
};

}  // namespace lockstep
