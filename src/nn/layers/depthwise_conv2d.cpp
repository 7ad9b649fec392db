#include <algorithm>
#include <numeric>

#include <lockstep/core/construct.h>
#include <lockstep/math/convolution.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/depthwise_conv2d.h>

#include "../option_check.h"
#include "axis_sizes.h"

namespace lockstep {

DepthwiseConv2D::DepthwiseConv2D(Options options)
    : options_(std::move(options)),
      padding_(parse_padding(options_.padding, {"valid", "same"})),
      kernel_("depthwise", options_.depthwise),
      bias_("bias", options_.bias),
      end_(options_.activation, options_.use_bias) {
    check_option(options_.depth_multiplier >= 1, "depth_multiplier", "at least 1", options_.depth_multiplier);
    options_.kernel_size = expand_axis_sizes("kernel_size", options_.kernel_size, 2);
    options_.strides = expand_axis_sizes("strides", options_.strides, 2);
    options_.dilation_rate = expand_axis_sizes("dilation_rate", options_.dilation_rate, 2);
}

Config DepthwiseConv2D::config() const {
    Config keys = Config::table({{"kernel_size", axis_sizes_config(options_.kernel_size)},
                                 {"strides", axis_sizes_config(options_.strides)},
                                 {"padding", options_.padding},
                                 {"depth_multiplier", options_.depth_multiplier},
                                 {"dilation_rate", axis_sizes_config(options_.dilation_rate)},
                                 {"activation", options_.activation},
                                 {"use_bias", options_.use_bias}});
    kernel_.add_to(keys);
    bias_.add_to(keys);
    return keys;
}

Shape DepthwiseConv2D::build(const Shape& input) {
    inputs_ = Grid::of(input, 2).channels;
    channels_ = inputs_ * options_.depth_multiplier;
    for (std::size_t i = 0; i < 2; ++i)
        axes_[i] = WindowAxis::over(input[i], options_.kernel_size[i], options_.strides[i],
                                    options_.dilation_rate[i], padding_);
    padded_ = PaddedImage({PaddedAxis::of_inputs(axes_[0]), PaddedAxis::of_inputs(axes_[1])}, channels_,
                          options_.depth_multiplier);
    padded_gradient_ = PaddedImage(
        {PaddedAxis::of_output_gradient(axes_[0]), PaddedAxis::of_output_gradient(axes_[1])}, channels_);
    turned_kernel_ = AlignedBuffer<float>(taps() * channels_);
    kernel_share_ = AlignedBuffer<float>(taps() * channels_);
    if (options_.depth_multiplier > 1)
        image_gradient_ = AlignedBuffer<float>(input.size() / inputs_ * channels_);
    end_.build(channels_);
    return {axes_[0].positions, axes_[1].positions, channels_};
}

std::vector<WeightSpec> DepthwiseConv2D::weights() const {
    const Shape kernel{options_.kernel_size[0], options_.kernel_size[1], inputs_, options_.depth_multiplier};
    std::vector<WeightSpec> specs{kernel_.spec("kernel", kernel)};
    if (options_.use_bias) specs.push_back(bias_.spec("bias", {channels_}));
    return specs;
}

double DepthwiseConv2D::flops_per_sample() const {
    return 2.0 * static_cast<double>(positions() * taps() * channels_) + end_.flops(positions());
}

void DepthwiseConv2D::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const math::ImageWindows windows = padded_.windows(axes_);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const Matrix out(y.row(row).data(), positions(), channels_);
        math::depthwise(windows, padded_.of(x.row(row).data()), pass.weights[0].data(), out.data());
        end_.apply(pass, row * positions(), out);
    }
}

void DepthwiseConv2D::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                               std::span<const std::span<float>> gradients) {
    const math::ImageWindows windows = padded_.windows(axes_);
    if (!dx.empty()) turn_kernel(pass.weights[0].data());
    std::ranges::fill(gradients[0], 0.0F);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const Matrix dz(dy.row(row).data(), positions(), channels_);
        end_.apply_gradient(pass, row * positions(), {y.row(row).data(), positions(), channels_}, dz,
                            gradients);
        std::ranges::fill(kernel_share_.span(), 0.0F);
        math::depthwise_kernel_gradient(windows, padded_.of(x.row(row).data()), dz.data(),
                                        kernel_share_.data());
        math::add(gradients[0], kernel_share_.span(), gradients[0]);
        if (!dx.empty()) write_dx(dz.data(), dx.row(row));
    }
}

/// The last tap first.
void DepthwiseConv2D::turn_kernel(const float* kernel) {
    for (std::size_t tap = 0; tap < taps(); ++tap)
        std::copy_n(kernel + tap * channels_, channels_,
                    turned_kernel_.data() + (taps() - 1 - tap) * channels_);
}

/// A convolution of dy with the turned kernel, and the sums over the outputs of a channel.
void DepthwiseConv2D::write_dx(const float* dy, std::span<float> dx) {
    const std::size_t times = options_.depth_multiplier;
    float* const image = times == 1 ? dx.data() : image_gradient_.data();
    math::depthwise(padded_gradient_.windows({axes_[0].turned_around(), axes_[1].turned_around()}),
                    padded_gradient_.of(dy), turned_kernel_.data(), image);
    if (times == 1) return;
    for (std::size_t i = 0; i < dx.size(); ++i)
        dx[i] = std::accumulate(image + i * times, image + (i + 1) * times, 0.0F);
}

const TypeHelp& DepthwiseConv2D::help() {
    static const TypeHelp help{
        .summary = "convolution of each channel of [height, width, channels] with kernels of its own",
        .keys = with_weight_help(
            {{"kernel_size", "required", "extents of the kernel; a number, or one per axis"},
             {"strides", "1", "pixels from one output to the next; a number, or one per axis"},
             {"padding", "\"valid\"", R"("valid": none, "same": zeros around)"},
             {"depth_multiplier", "1", "outputs per channel"},
             {"dilation_rate", "1", "pixels from one entry of the kernel to the next"},
             {"activation", "\"linear\"", "see lockstep list activations"},
             {"use_bias", "true", "whether there is a bias b"}},
            {{"depthwise", "glorot_uniform", "W"}, {"bias", "zeros", "b"}})};
    return help;
}

std::unique_ptr<Layer> DepthwiseConv2D::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<DepthwiseConv2D>(
        keys, {.kernel_size = read_axis_sizes(keys, "kernel_size"),
               .strides = read_axis_sizes(keys, "strides", defaults.strides),
               .padding = keys.get("padding", defaults.padding),
               .depth_multiplier = keys.get("depth_multiplier", defaults.depth_multiplier),
               .dilation_rate = read_axis_sizes(keys, "dilation_rate", defaults.dilation_rate),
               .activation = keys.get("activation", defaults.activation),
               .use_bias = keys.get("use_bias", defaults.use_bias),
               .depthwise = read_weight_options(keys, "depthwise", defaults.depthwise),
               .bias = read_weight_options(keys, "bias", defaults.bias)});
}

}  // namespace lockstep
