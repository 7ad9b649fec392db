#pragma once

#include <cstddef>

/// Convolutions, by the rules of kernels.h.
namespace lockstep::math {

/// Windows on an image, channels last, that all their taps lie in. Steps are in floats.
struct ImageWindows {
    std::size_t rows, columns;          // of windows
    std::size_t row_step, column_step;  // from one window to the next
    std::size_t tap_rows, tap_columns;  // of a window
    std::size_t tap_row_step, tap_column_step;
    std::size_t channels;
};

/// y [rows, columns, channels] = of each window the sum over its taps of x * kernel [taps, channels].
void depthwise(const ImageWindows& windows, const float* x, const float* kernel, float* y);

/// gradient [taps, channels] += of each tap the sum over the windows of x * dy [rows, columns, channels].
void depthwise_kernel_gradient(const ImageWindows& windows, const float* x, const float* dy, float* gradient);

/// y [rows, columns, filters] = of each window its patch [taps * channels] times kernel [taps * channels,
/// filters]. Precondition, also below: the taps of a row of a window lie side by side.
void convolve(const ImageWindows& windows, const float* x, const float* kernel, std::size_t filters,
              float* y);

/// gradient [taps * channels, filters] += the sum over the windows of patch times dy [rows, columns,
/// filters].
void convolve_kernel_gradient(const ImageWindows& windows, const float* x, const float* dy,
                              std::size_t filters, float* gradient);

}  // namespace lockstep::math
