#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/nn/layers/padded_image.h>
#include <lockstep/nn/layers/window_axis.h>

namespace lockstep {

/// A convolution with strides of 1 over images of one or two axes, on padded copies and without patches: with
/// few channels, making patches takes longer than multiplying them. Kernels are [taps, channels, filters].
class DirectConvolution {
public:
    /// Whether it can be had for these windows, and is faster than products of patches.
    static bool suits(std::span<const WindowAxis> axes, std::size_t channels, std::size_t filters,
                      std::size_t groups);

    /// Precondition: suits(axes, channels, filters, 1).
    DirectConvolution(std::span<const WindowAxis> axes, std::size_t channels, std::size_t filters);

    /// y [positions, filters] of one image.
    void convolve(const float* image, const float* kernel, float* y);

    /// gradient += the part of one image.
    void add_kernel_gradient(const float* image, const float* dy, float* gradient);

    /// The kernel of the input gradients that follow.
    void turn_kernel(const float* kernel);
    void input_gradient(const float* dy, float* dx);

private:
    using Axes = std::array<WindowAxis, 2>;

    Axes axes_;
    std::size_t channels_, filters_;
    PaddedImage padded_, padded_gradient_;
    AlignedBuffer<float> turned_kernel_;  // [taps, filters, channels], the last tap first
};

}  // namespace lockstep
