#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/shape.h>

namespace lockstep {

/// Pixels of `channels` bytes, row by row: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
struct Picture {
    std::size_t height = 0, width = 0, channels = 1;
    std::vector<std::uint8_t> pixels;  // [height, width, channels]
};

/// From values between 0 (black) and 1 [height, width, channels]; what lies outside is clipped, NaN is black.
/// Throws ShapeError if there are no pixels, the channels are not 1 to 4, or `values` has another size.
Picture picture_of_pixels(std::span<const float> values, std::size_t height, std::size_t width,
                          std::size_t channels);

/// From an array of any shape: its smallest value is black, its largest white, all black if they are equal or
/// not finite. A vector is one row, a matrix lies on its longer side, as Keras shows weights; [height, width,
/// ...] is a mosaic of grey tiles, one for each channel, with white lines between them.
Picture picture_of_array(std::span<const float> values, const Shape& shape);

/// From a sample [height, width] or [height, width, channels], scaled likewise: RGB if there are 3 channels,
/// else a mosaic. Throws ShapeError if the shape has another rank.
Picture picture_of_sample(std::span<const float> values, const Shape& shape);

/// A PNG file. Throws Error.
std::string encode_png(const Picture& picture);

}  // namespace lockstep
