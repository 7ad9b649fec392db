#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/layers/bias_activation.h>
#include <lockstep/nn/layers/padded_image.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// A convolution of each channel with kernels of its own:
///
///     y[p, c * M + m] = act(b[c * M + m] + sum over t of x[p * stride + t * dilation - before, c] W[t, c,
///     m])
///
/// Shapes: x [rows, height, width, channels], kernel W [kernel_size..., channels, M], bias b [channels * M],
/// y [rows, height', width', channels * M], where M is depth_multiplier. Computed on padded copies of images,
/// one at a time; with more than one kernel per channel the channels are repeated there.
class DepthwiseConv2D final : public ShardLayer {
public:
    /// Sizes are one number for both axes, or one for each.
    struct Options {
        std::vector<std::size_t> kernel_size{};
        std::vector<std::size_t> strides{1};
        std::string padding = "valid";  // or "same"
        std::size_t depth_multiplier = 1;
        std::vector<std::size_t> dilation_rate{1};
        std::string activation = "linear";
        bool use_bias = true;
        WeightOptions depthwise = {.initializer = "glorot_uniform"};  // the kernel
        WeightOptions bias = {};
    };

    /// Throws ConfigError if an option is out of its range or a name is unknown.
    explicit DepthwiseConv2D(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "depthwise_conv2d"; }
    Config config() const override;
    /// Throws ShapeError unless the input is [height, width, channels] with pixels for a kernel.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    std::size_t saved_floats_per_sample() const override { return end_.saved_floats(positions()); }
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    /// Of outputs of one position: a loss sees a sample as a whole.
    std::unique_ptr<Activation> release_activation() override {
        return positions() == 1 ? end_.release() : nullptr;
    }

private:
    std::size_t positions() const { return axes_[0].positions * axes_[1].positions; }
    std::size_t taps() const { return axes_[0].taps * axes_[1].taps; }
    void turn_kernel(const float* kernel);
    void write_dx(const float* dy, std::span<float> dx);

    Options options_;
    Padding padding_;
    LayerWeight kernel_, bias_;
    BiasActivation end_;
    std::array<WindowAxis, 2> axes_;
    std::size_t inputs_ = 0;    // channels of x
    std::size_t channels_ = 0;  // of y
    PaddedImage padded_, padded_gradient_;
    AlignedBuffer<float> turned_kernel_;
    AlignedBuffer<float> kernel_share_;    // one image's part of the kernel's gradient
    AlignedBuffer<float> image_gradient_;  // of repeated channels
};

}  // namespace lockstep
