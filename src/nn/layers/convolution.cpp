#include <algorithm>

#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/nn/layers/convolution.h>

#include "../option_check.h"
#include "axis_sizes.h"
#include "grow.h"

namespace lockstep {

using math::Transpose;

Convolution::Convolution(Options options, std::size_t axes)
    : options_(std::move(options)),
      padding_(parse_padding(options_.padding, axes == 1 ? std::vector<std::string>{"valid", "same", "causal"}
                                                         : std::vector<std::string>{"valid", "same"})),
      kernel_("kernel", options_.kernel),
      bias_("bias", options_.bias),
      end_(options_.activation, options_.use_bias) {
    check_option(options_.filters >= 1, "filters", "at least 1", options_.filters);
    check_option(options_.groups >= 1 && options_.filters % options_.groups == 0, "groups",
                 "a divisor of filters = " + std::to_string(options_.filters), options_.groups);
    options_.kernel_size = expand_axis_sizes("kernel_size", options_.kernel_size, axes);
    options_.strides = expand_axis_sizes("strides", options_.strides, axes);
    options_.dilation_rate = expand_axis_sizes("dilation_rate", options_.dilation_rate, axes);
}

Config Convolution::config() const {
    Config keys = Config::table({{"filters", options_.filters},
                                 {"kernel_size", axis_sizes_config(options_.kernel_size)},
                                 {"strides", axis_sizes_config(options_.strides)},
                                 {"padding", options_.padding},
                                 {"dilation_rate", axis_sizes_config(options_.dilation_rate)},
                                 {"groups", options_.groups},
                                 {"activation", options_.activation},
                                 {"use_bias", options_.use_bias}});
    kernel_.add_to(keys);
    bias_.add_to(keys);
    return keys;
}

Shape Convolution::build(const Shape& input) {
    const std::size_t axes = options_.kernel_size.size();
    const std::size_t channels = Grid::of(input, axes).channels;
    if (channels % options_.groups != 0)
        throw ShapeError("expected channels that groups = " + std::to_string(options_.groups) +
                         " divides, got inputs " + input.to_string());
    std::vector<WindowAxis> windows;
    std::vector<std::size_t> output;
    for (std::size_t i = 0; i < axes; ++i) {
        windows.push_back(WindowAxis::over(input[i], options_.kernel_size[i], options_.strides[i],
                                           options_.dilation_rate[i], padding_));
        output.push_back(windows.back().positions);
    }
    output.push_back(options_.filters);
    windows_ = PatchGrid(windows, channels, options_.groups);
    if (DirectConvolution::suits(windows, channels, options_.filters, options_.groups))
        direct_.emplace(windows, channels, options_.filters);
    end_.build(options_.filters);
    return Shape(output);
}

std::vector<WeightSpec> Convolution::weights() const {
    std::vector<std::size_t> kernel = options_.kernel_size;
    kernel.push_back(windows_.group_channels());
    kernel.push_back(options_.filters);
    std::vector<WeightSpec> specs{kernel_.spec("kernel", Shape(kernel))};
    if (options_.use_bias) specs.push_back(bias_.spec("bias", {options_.filters}));
    return specs;
}

void Convolution::reserve(std::size_t rows) {
    if (math::blas_threads() > 1) direct_.reset();  // which OpenBLAS could not share out
    if (direct_ || windows_.is_identity()) return;
    const std::size_t positions =
        std::min(windows_.positions_per_block(options_.filters), rows * windows_.positions());
    grow(block_, positions * windows_.patch_size());
}

double Convolution::flops_per_sample() const {
    const std::size_t outputs = windows_.positions() * options_.filters;
    return 2.0 * static_cast<double>(outputs * windows_.patch_size()) + end_.flops(windows_.positions());
}

Convolution::Patches Convolution::patches(ConstMatrix x, std::size_t first, std::size_t count,
                                          std::size_t group) {
    const std::size_t channels = windows_.channels();
    if (windows_.is_identity())
        return {x.data() + first * channels + group * windows_.group_channels(), channels};
    windows_.gather(x.data(), first, count, group, block_.data());
    return {block_.data(), windows_.patch_size()};
}

void Convolution::forward(const LayerPass& pass, ConstMatrix x, Matrix y) {
    if (direct_) return forward_images(pass, x, y);
    const std::size_t filters = options_.filters, part = group_filters(), patch = windows_.patch_size();
    const std::size_t all = x.rows() * windows_.positions(),
                      block = windows_.positions_per_block(options_.filters);
    for (std::size_t first = 0; first < all; first += block) {
        const std::size_t count = std::min(block, all - first);
        const Matrix out(y.data() + first * filters, count, filters);
        for (std::size_t group = 0; group < options_.groups; ++group) {
            const Patches a = patches(x, first, count, group);
            math::gemm(Transpose::no, Transpose::no, count, part, patch, 1.0F, a.data, a.stride,
                       pass.weights[0].data() + group * part, filters, 0.0F, out.data() + group * part,
                       filters);
        }
        end_.apply(pass, first, out);
    }
}

void Convolution::backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                           std::span<const std::span<float>> gradients) {
    if (direct_) return backward_images(pass, x, y, dy, dx, gradients);
    const std::size_t filters = options_.filters, part = group_filters(), patch = windows_.patch_size();
    const std::size_t all = x.rows() * windows_.positions(),
                      block = windows_.positions_per_block(options_.filters);
    for (std::size_t first = 0; first < all; first += block) {
        const std::size_t count = std::min(block, all - first);
        const Matrix dz(dy.data() + first * filters, count, filters);
        end_.apply_gradient(pass, first, {y.data() + first * filters, count, filters}, dz, gradients);
        if (!dx.empty()) windows_.clear_begun(first, count, dx.data());
        for (std::size_t group = 0; group < options_.groups; ++group) {
            const Patches a = patches(x, first, count, group);
            math::gemm(Transpose::yes, Transpose::no, patch, part, count, 1.0F, a.data, a.stride,
                       dz.data() + group * part, filters, first == 0 ? 0.0F : 1.0F,
                       gradients[0].data() + group * part, filters);
            if (!dx.empty()) input_gradient(pass.weights[0], dz.data(), first, count, group, dx);
        }
    }
}

void Convolution::input_gradient(std::span<const float> kernel, const float* dy, std::size_t first,
                                 std::size_t count, std::size_t group, Matrix dx) {
    const std::size_t filters = options_.filters, part = group_filters(), patch = windows_.patch_size();
    const bool direct = windows_.is_identity();
    const std::size_t channels = windows_.channels();
    float* const to =
        direct ? dx.data() + first * channels + group * windows_.group_channels() : block_.data();
    math::gemm(Transpose::no, Transpose::yes, count, patch, part, 1.0F, dy + group * part, filters,
               kernel.data() + group * part, filters, 0.0F, to, direct ? channels : patch);
    if (!direct) windows_.scatter(block_.data(), first, count, group, dx.data());
}

void Convolution::forward_images(const LayerPass& pass, ConstMatrix x, Matrix y) {
    const std::size_t positions = windows_.positions();
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const Matrix out(y.row(row).data(), positions, options_.filters);
        direct_->convolve(x.row(row).data(), pass.weights[0].data(), out.data());
        end_.apply(pass, row * positions, out);
    }
}

void Convolution::backward_images(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                                  std::span<const std::span<float>> gradients) {
    const std::size_t positions = windows_.positions(), filters = options_.filters;
    std::ranges::fill(gradients[0], 0.0F);
    if (!dx.empty()) direct_->turn_kernel(pass.weights[0].data());
    for (std::size_t row = 0; row < x.rows(); ++row) {
        const Matrix dz(dy.row(row).data(), positions, filters);
        end_.apply_gradient(pass, row * positions, {y.row(row).data(), positions, filters}, dz, gradients);
        direct_->add_kernel_gradient(x.row(row).data(), dz.data(), gradients[0].data());
        if (!dx.empty()) direct_->input_gradient(dz.data(), dx.row(row).data());
    }
}

}  // namespace lockstep
