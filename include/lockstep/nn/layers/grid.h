#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include <lockstep/core/shape.h>

namespace lockstep {

/// A number for each of three spatial axes.
using Extents3 = std::array<std::size_t, 3>;

/// One number for all spatial axes of a layer, or one for each of them.
using AxisSizes = std::vector<std::size_t>;

/// A sample of one to three spatial axes, and channels: [height, width, channels]. It is seen as one of three
/// spatial axes: those that it lacks come first and have one place.
struct Grid {
    Extents3 extents{1, 1, 1};
    std::size_t channels = 1;

    /// Throws ShapeError unless `sample` has `axes` axes and channels.
    static Grid of(const Shape& sample, std::size_t axes);

    /// The shape of a sample with its last `axes` spatial axes.
    Shape shape(std::size_t axes) const;
    std::size_t places() const { return extents[0] * extents[1] * extents[2]; }
    std::size_t size() const { return places() * channels; }
};

}  // namespace lockstep
