#pragma once

#include <memory>

#include <lockstep/nn/layers/grid.h>

namespace lockstep {

/// Numbers between the places of a grid: how a sample becomes one of sizes[axis] times as many places.
class Interpolation {
public:
    virtual ~Interpolation() = default;

    virtual const Grid& outputs() const = 0;
    /// Writes y from x, the numbers of one sample.
    virtual void enlarge(const float* x, float* y) const = 0;
    /// Writes dx from dy.
    virtual void backward(const float* dy, float* dx) const = 0;
};

/// Each number sizes[0] x sizes[1] x sizes[2] times.
std::unique_ptr<const Interpolation> make_nearest(const Grid& inputs, const Extents3& sizes);

/// Of the last two axes, with weights linear in the distance of the centres: the centre of output o lies at
/// (o
/// + 0.5) / size - 0.5, and beyond the outer centres the numbers stay as they are (Keras' and TensorFlow's
/// half-pixel rule, PyTorch's align_corners = false). Precondition: sizes[0] is 1.
std::unique_ptr<const Interpolation> make_bilinear(const Grid& inputs, const Extents3& sizes);

}  // namespace lockstep
