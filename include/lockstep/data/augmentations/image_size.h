#pragma once

#include <cstddef>

#include <lockstep/core/shape.h>

namespace lockstep {

/// Of an image in memory: [height, width, channels].
struct ImageSize {
    std::size_t height = 0;
    std::size_t width = 0;
    std::size_t channels = 0;

    std::size_t row() const { return width * channels; }

    /// Throws ShapeError unless `shape` has these three axes.
    static ImageSize of(const Shape& shape);
};

}  // namespace lockstep
