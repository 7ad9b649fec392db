#pragma once

#include <memory>

#include <lockstep/nn/layers/grid.h>

namespace lockstep {

/// Numbers between the places of a grid: how a sample becomes one of sizes[i] times as many places on the
/// last axes, one size for each.
class Interpolation {
public:
    virtual ~Interpolation() = default;

    virtual const Grid& outputs() const = 0;
    /// Writes y from x, the numbers of one sample.
    virtual void enlarge(const float* x, float* y) const = 0;
    /// Writes dx from dy.
    virtual void backward(const float* dy, float* dx) const = 0;
};

/// Each number as many times as sizes[i] on each axis.
std::unique_ptr<const Interpolation> make_nearest(const Grid& inputs, const AxisSizes& sizes);

/// Of two axes, with weights linear in the distance of the centres: that of output o lies at
/// (o + 0.5) / size - 0.5, and beyond the outer centres the numbers stay as they are (Keras' and TensorFlow's
/// half-pixel rule, PyTorch's align_corners = false).
std::unique_ptr<const Interpolation> make_bilinear(const Grid& inputs, const AxisSizes& sizes);

}  // namespace lockstep
