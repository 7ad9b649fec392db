#include <algorithm>

#include <lockstep/math/convolution.h>
#include <lockstep/nn/layers/direct_convolution.h>

namespace lockstep {

bool DirectConvolution::suits(std::span<const WindowAxis> axes, std::size_t channels, std::size_t filters,
                              std::size_t groups) {
    // Measured: with more than that, kernels fall out of the cache, and OpenBLAS's packed products win.
    constexpr std::size_t kLargestPatch = 1152;
    std::size_t taps = 1;
    for (const WindowAxis& axis : axes) taps *= axis.taps;
    const bool is_dense = std::ranges::all_of(
        axes, [](const WindowAxis& axis) { return axis.stride == 1 && axis.dilation == 1; });
    return axes.size() <= 2 && groups == 1 && is_dense && taps > 1 &&
           taps * std::max(channels, filters) <= kLargestPatch;
}

DirectConvolution::DirectConvolution(std::span<const WindowAxis> axes, std::size_t channels,
                                     std::size_t filters)
    : channels_(channels), filters_(filters) {
    std::ranges::copy(axes, axes_.end() - static_cast<std::ptrdiff_t>(axes.size()));
    padded_ = PaddedImage({PaddedAxis::of_inputs(axes_[0]), PaddedAxis::of_inputs(axes_[1])}, channels);
    padded_gradient_ = PaddedImage(
        {PaddedAxis::of_output_gradient(axes_[0]), PaddedAxis::of_output_gradient(axes_[1])}, filters);
    turned_kernel_ = AlignedBuffer<float>(axes_[0].taps * axes_[1].taps * channels * filters);
}

void DirectConvolution::convolve(const float* image, const float* kernel, float* y) {
    math::convolve(padded_.windows(axes_), padded_.of(image), kernel, filters_, y);
}

void DirectConvolution::add_kernel_gradient(const float* image, const float* dy, float* gradient) {
    math::convolve_kernel_gradient(padded_.windows(axes_), padded_.of(image), dy, filters_, gradient);
}

void DirectConvolution::turn_kernel(const float* kernel) {
    const std::size_t size = channels_ * filters_;
    for (std::size_t end = turned_kernel_.size(); end > 0; end -= size)
        for (std::size_t channel = 0; channel < channels_; ++channel)
            for (std::size_t filter = 0; filter < filters_; ++filter)
                turned_kernel_[end - size + filter * channels_ + channel] = *kernel++;
}

void DirectConvolution::input_gradient(const float* dy, float* dx) {
    math::convolve(padded_gradient_.windows({axes_[0].turned_around(), axes_[1].turned_around()}),
                   padded_gradient_.of(dy), turned_kernel_.data(), channels_, dx);
}

}  // namespace lockstep
