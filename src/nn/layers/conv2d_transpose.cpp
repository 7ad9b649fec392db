#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/math/blas.h>
#include <lockstep/nn/layers/conv2d_transpose.h>

#include "../option_check.h"
#include "axis_sizes.h"
#include "grow.h"

namespace lockstep {

using math::Transpose;

Conv2DTranspose::Conv2DTranspose(Options options)
    : options_(std::move(options)),
      padding_(parse_padding(options_.padding, {"valid", "same"})),
      kernel_("kernel", options_.kernel),
      bias_("bias", options_.bias),
      end_(options_.activation, options_.use_bias) {
    check_option(options_.filters >= 1, "filters", "at least 1", options_.filters);
    options_.kernel_size = expand_axis_sizes("kernel_size", options_.kernel_size, 2);
    options_.strides = expand_axis_sizes("strides", options_.strides, 2);
}

Config Conv2DTranspose::config() const {
    Config keys = Config::table({{"filters", options_.filters},
                                 {"kernel_size", axis_sizes_config(options_.kernel_size)},
                                 {"strides", axis_sizes_config(options_.strides)},
                                 {"padding", options_.padding},
                                 {"activation", options_.activation},
                                 {"use_bias", options_.use_bias}});
    kernel_.add_to(keys);
    bias_.add_to(keys);
    return keys;
}

Shape Conv2DTranspose::build(const Shape& input) {
    channels_ = Grid::of(input, 2).channels;
    std::array<WindowAxis, 2> axes;
    for (std::size_t i = 0; i < 2; ++i)
        axes[i] = WindowAxis::of_transposed(input[i], options_.kernel_size[i], options_.strides[i], padding_);
    windows_ = PatchGrid(axes, options_.filters);
    outputs_ = axes[0].places * axes[1].places;
    end_.build(options_.filters);
    return {axes[0].places, axes[1].places, options_.filters};
}

std::vector<WeightSpec> Conv2DTranspose::weights() const {
    const Shape kernel{options_.kernel_size[0], options_.kernel_size[1], options_.filters, channels_};
    std::vector<WeightSpec> specs{kernel_.spec("kernel", kernel)};
    if (options_.use_bias) specs.push_back(bias_.spec("bias", {options_.filters}));
    return specs;
}

void Conv2DTranspose::reserve(std::size_t rows) {
    const std::size_t positions =
        std::min(windows_.positions_per_block(channels_), rows * windows_.positions());
    grow(block_, positions * windows_.patch_size());
}

double Conv2DTranspose::flops_per_sample() const {
    return 2.0 * static_cast<double>(windows_.positions() * channels_ * windows_.patch_size()) +
           end_.flops(outputs_);
}

/// An image is complete only after its last block, so the end of the layer follows all blocks.
void Conv2DTranspose::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t patch = windows_.patch_size(), block = windows_.positions_per_block(channels_);
    const std::size_t all = x.rows() * windows_.positions();
    for (std::size_t first = 0; first < all; first += block) {
        const std::size_t count = std::min(block, all - first);
        math::gemm(Transpose::no, Transpose::yes, count, patch, channels_, 1.0F, x.data() + first * channels_,
                   channels_, pass.weights[0].data(), channels_, 0.0F, block_.data(), patch);
        windows_.clear_begun(first, count, y.data());
        windows_.scatter(block_.data(), first, count, 0, y.data());
    }
    end_.apply(pass, 0, {y.data(), x.rows() * outputs_, options_.filters});
}

void Conv2DTranspose::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                               std::span<const std::span<float>> gradients) {
    const std::size_t patch = windows_.patch_size(), block = windows_.positions_per_block(channels_);
    const std::size_t all = x.rows() * windows_.positions(), outputs = x.rows() * outputs_;
    end_.apply_gradient(pass, 0, {y.data(), outputs, options_.filters},
                        {dy.data(), outputs, options_.filters}, gradients);
    for (std::size_t first = 0; first < all; first += block) {
        const std::size_t count = std::min(block, all - first);
        windows_.gather(dy.data(), first, count, 0, block_.data());
        math::gemm(Transpose::yes, Transpose::no, patch, channels_, count, 1.0F, block_.data(), patch,
                   x.data() + first * channels_, channels_, first == 0 ? 0.0F : 1.0F, gradients[0].data(),
                   channels_);
        if (dx.empty()) continue;
        math::gemm(Transpose::no, Transpose::no, count, channels_, patch, 1.0F, block_.data(), patch,
                   pass.weights[0].data(), channels_, 0.0F, dx.data() + first * channels_, channels_);
    }
}

const TypeHelp& Conv2DTranspose::help() {
    static const TypeHelp help{
        .summary = "transposed convolution: from [height, width, channels] to an image `strides` as large",
        .keys = with_weight_help(
            {{"filters", "required", "number of output channels"},
             {"kernel_size", "required", "extents of the kernel; a number, or one per axis"},
             {"strides", "1", "output pixels from one input to the next; a number, or one per axis"},
             {"padding", "\"valid\"", R"("valid": whole windows, "same": cut to the input's size * strides)"},
             {"activation", "\"linear\"", "see lockstep list activations"},
             {"use_bias", "true", "whether there is a bias b"}},
            {{"kernel", "glorot_uniform", "W"}, {"bias", "zeros", "b"}})};
    return help;
}

std::unique_ptr<Layer> Conv2DTranspose::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<Conv2DTranspose>(keys,
                                           {.filters = keys.get<std::size_t>("filters"),
                                            .kernel_size = read_axis_sizes(keys, "kernel_size"),
                                            .strides = read_axis_sizes(keys, "strides", defaults.strides),
                                            .padding = keys.get("padding", defaults.padding),
                                            .activation = keys.get("activation", defaults.activation),
                                            .use_bias = keys.get("use_bias", defaults.use_bias),
                                            .kernel = read_weight_options(keys, "kernel", defaults.kernel),
                                            .bias = read_weight_options(keys, "bias", defaults.bias)});
}

}  // namespace lockstep
