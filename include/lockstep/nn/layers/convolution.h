#pragma once

#include <optional>
#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/layers/bias_activation.h>
#include <lockstep/nn/layers/direct_convolution.h>
#include <lockstep/nn/layers/patch_grid.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Convolution over one to three axes (as everywhere in this field, without turning the kernel around):
///
///     y[p, f] = act(b[f] + sum over t, c of x[p * stride + t * dilation - before, c] W[t, c, f])
///
/// Shapes: x [rows, pixels..., channels], kernel W [kernel_size..., channels / groups, filters], bias b
/// [filters], y [rows, positions..., filters]. Group g takes the g-th part of the channels to the g-th part
/// of the filters. Computed directly where that is faster, else as a product of patches and kernel.
class Convolution : public ShardLayer {
public:
    /// Sizes are one number for all axes, or one for each.
    struct Options {
        std::size_t filters = 0;
        std::vector<std::size_t> kernel_size{};
        std::vector<std::size_t> strides{1};
        std::string padding = "valid";  // or "same"; with one axis also "causal"
        std::vector<std::size_t> dilation_rate{1};
        std::size_t groups = 1;
        std::string activation = "linear";
        bool use_bias = true;
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions bias = {};
    };

    Config config() const override;
    /// Throws ShapeError unless the input has all axes, channels that `groups` divides, and pixels for a
    /// kernel.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    std::size_t saved_floats_per_sample() const override { return end_.saved_floats(windows_.positions()); }
    void reserve(std::size_t rows) override;
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    /// Of outputs of one position: a loss sees a sample as a whole.
    std::unique_ptr<Activation> release_activation() override {
        return windows_.positions() == 1 ? end_.release() : nullptr;
    }

protected:
    /// Throws ConfigError if an option is out of its range or a name is unknown.
    Convolution(Options options, std::size_t axes);

private:
    /// The left side of a product, and the distance between its rows.
    struct Patches {
        const float* data;
        std::size_t stride;
    };
    void forward_images(const LayerPass& pass, ConstMatrix x, Matrix y);
    void backward_images(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                         std::span<const std::span<float>> gradients);
    Patches patches(ConstMatrix x, std::size_t first, std::size_t count, std::size_t group);
    void input_gradient(std::span<const float> kernel, const float* dy, std::size_t first, std::size_t count,
                        std::size_t group, Matrix dx);
    std::size_t group_filters() const { return options_.filters / options_.groups; }

    Options options_;
    Padding padding_;
    LayerWeight kernel_, bias_;
    BiasActivation end_;
    PatchGrid windows_;
    std::optional<DirectConvolution> direct_;
    AlignedBuffer<float> block_;  // patches of one block
};

/// A convolution over so many axes, by its name in job files.
template <std::size_t axes>
class ConvolutionOver final : public Convolution {
public:
    /// Throws ConfigError if an option is out of its range or a name is unknown.
    explicit ConvolutionOver(Options options) : Convolution(std::move(options), axes) {}

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
};

using Conv1D = ConvolutionOver<1>;  // [steps, channels]
using Conv2D = ConvolutionOver<2>;  // [height, width, channels]
using Conv3D = ConvolutionOver<3>;  // [depth, height, width, channels]

extern template class ConvolutionOver<1>;
extern template class ConvolutionOver<2>;
extern template class ConvolutionOver<3>;

}  // namespace lockstep
