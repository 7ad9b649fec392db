#pragma once

#include <array>
#include <cstddef>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/math/convolution.h>
#include <lockstep/nn/layers/window_axis.h>

namespace lockstep {

/// The pixels of one axis of an image, among zeros.
struct PaddedAxis {
    std::size_t pixels = 1;
    std::size_t before = 0;  // zeros before the first pixel
    std::size_t step = 1;    // from one pixel to the next
    std::size_t size = 1;    // with all zeros

    /// With all places that the windows of a convolution see.
    static PaddedAxis of_inputs(const WindowAxis& axis);

    /// A pixel for each window, so placed that the gradient of the inputs is a convolution over it, with
    /// strides of 1 and the kernel turned around.
    static PaddedAxis of_output_gradient(const WindowAxis& axis);
};

/// A copy of an image [height, width, channels / repetitions], with zeros around and between its pixels and
/// each channel so many times.
class PaddedImage {
public:
    PaddedImage() = default;
    PaddedImage(const std::array<PaddedAxis, 2>& axes, std::size_t channels, std::size_t repetitions = 1);

    /// The copy, or the image itself where that is the same. Valid until the next call.
    const float* of(const float* image);

    /// Windows on the copy.
    math::ImageWindows windows(const std::array<WindowAxis, 2>& axes) const;

private:
    void copy_line(const float* pixels, float* to) const;
    void copy_run(const float* values, std::size_t count, float* to) const;

    std::array<PaddedAxis, 2> axes_;
    std::size_t channels_ = 1;
    std::size_t repetitions_ = 1;
    AlignedBuffer<float> copy_;  // empty if there is nothing to add
};

}  // namespace lockstep
