#include <algorithm>
#include <numeric>

#include <lockstep/core/construct.h>
#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/depthwise_conv2d.h>

#include "../option_check.h"
#include "axis_sizes.h"
#include "patch_strips.h"

namespace lockstep {
namespace {

void ignore(const PatchGrid::Strip& /*strip*/) {}

/// to += a * b
void add_products(const float* a, const float* b, std::size_t count, float* __restrict to) {
    for (std::size_t i = 0; i < count; ++i) to[i] += a[i] * b[i];
}

/// to += the sum of a * b over so many taps that lie side by side
template <std::size_t taps>
void add_taps(const float* a, const float* b, std::size_t count, float* __restrict to) {
    for (std::size_t i = 0; i < count; ++i) {
        float sum = 0.0F;
        for (std::size_t t = 0; t < taps; ++t) sum += a[t * count + i] * b[t * count + i];
        to[i] += sum;
    }
}

}  // namespace

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
    channels_ = Grid::of(input, 2).channels;
    std::array<WindowAxis, 2> axes;
    for (std::size_t i = 0; i < 2; ++i)
        axes[i] = WindowAxis::over(input[i], options_.kernel_size[i], options_.strides[i],
                                   options_.dilation_rate[i], padding_);
    windows_ = PatchGrid(axes, channels_ * options_.depth_multiplier);
    end_.build(windows_.channels());
    if (options_.depth_multiplier > 1) image_ = AlignedBuffer<float>(windows_.image_size());
    kernel_share_ = AlignedBuffer<float>(windows_.patch_size());
    return {axes[0].positions, axes[1].positions, windows_.channels()};
}

std::vector<WeightSpec> DepthwiseConv2D::weights() const {
    const Shape kernel{options_.kernel_size[0], options_.kernel_size[1], channels_,
                       options_.depth_multiplier};
    std::vector<WeightSpec> specs{kernel_.spec("kernel", kernel)};
    if (options_.use_bias) specs.push_back(bias_.spec("bias", {windows_.channels()}));
    return specs;
}

double DepthwiseConv2D::flops_per_sample() const {
    return 2.0 * static_cast<double>(windows_.positions() * windows_.patch_size()) +
           end_.flops(windows_.positions());
}

void DepthwiseConv2D::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t positions = windows_.positions();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const Matrix out(y.row(row).data(), positions, windows_.channels());
        convolve(repeated(x.row(row)), pass.weights[0].data(), out.data());
        end_.apply(pass, row * positions, out);
    }
}

void DepthwiseConv2D::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                               std::span<const std::span<float>> gradients) {
    const std::size_t positions = windows_.positions(), channels = windows_.channels();
    std::ranges::fill(gradients[0], 0.0F);
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const Matrix dz(dy.row(row).data(), positions, channels);
        end_.apply_gradient(pass, row * positions, {y.row(row).data(), positions, channels}, dz, gradients);
        std::ranges::fill(kernel_share_.span(), 0.0F);
        kernel_gradient(repeated(x.row(row)), dz.data(), kernel_share_.data());
        math::add(gradients[0], kernel_share_.span(), gradients[0]);
        if (!dx.empty()) image_gradient(pass.weights[0].data(), dz.data(), dx.row(row));
    }
}

/// The image with each channel depth_multiplier times.
const float* DepthwiseConv2D::repeated(std::span<const float> image) {
    const std::size_t times = options_.depth_multiplier;
    if (times == 1) return image.data();
    float* to = image_.data();
    for (const float value : image) to = std::fill_n(to, times, value);
    return image_.data();
}

/// out := the sums of kernel * image
void DepthwiseConv2D::convolve(const float* image, const float* kernel, float* out) const {
    const std::size_t channels = windows_.channels(), step = windows_.image_step();
    std::fill_n(out, windows_.positions() * channels, 0.0F);
    const auto add = [=](const PatchGrid::Strip& strip) {
        for (std::size_t i = 0; i < strip.positions; ++i) {
            const float* const from = image + strip.image_offset + i * step;
            const float* const taps = kernel + strip.tap * channels;
            float* const to = out + (strip.position + i) * channels;
            std::size_t t = 0;
            for (; t + 3 <= strip.taps; t += 3)
                add_taps<3>(from + t * channels, taps + t * channels, channels, to);
            for (; t < strip.taps; ++t) add_taps<1>(from + t * channels, taps + t * channels, channels, to);
        }
    };
    windows_.visit(0, windows_.positions(), 0, add, ignore);
}

/// gradient += the sums of dy * image
void DepthwiseConv2D::kernel_gradient(const float* image, const float* dy, float* gradient) const {
    const std::size_t channels = windows_.channels(), step = windows_.image_step();
    const auto add = [=](const PatchGrid::Strip& strip) {
        for (std::size_t i = 0; i < strip.positions; ++i)
            for (std::size_t t = 0; t < strip.taps; ++t)
                add_products(image + strip.image_offset + i * step + t * channels,
                             dy + (strip.position + i) * channels, channels,
                             gradient + (strip.tap + t) * channels);
    };
    windows_.visit(0, windows_.positions(), 0, add, ignore);
}

/// gradient := the sums of kernel * dy, and over the repetitions of a channel
void DepthwiseConv2D::image_gradient(const float* kernel, const float* dy, std::span<float> gradient) {
    const std::size_t channels = windows_.channels(), step = windows_.image_step();
    const std::size_t times = options_.depth_multiplier;
    float* const image = times == 1 ? gradient.data() : image_.data();
    std::fill_n(image, windows_.image_size(), 0.0F);
    const auto add = [=](const PatchGrid::Strip& strip) {
        for (std::size_t i = 0; i < strip.positions; ++i)
            for (std::size_t t = 0; t < strip.taps; ++t)
                add_products(dy + (strip.position + i) * channels, kernel + (strip.tap + t) * channels,
                             channels, image + strip.image_offset + i * step + t * channels);
    };
    windows_.visit(0, windows_.positions(), 0, add, ignore);
    if (times == 1) return;
    for (std::size_t i = 0; i < gradient.size(); ++i)
        gradient[i] = std::accumulate(image + i * times, image + (i + 1) * times, 0.0F);
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
