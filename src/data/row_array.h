#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <lockstep/core/shape.h>

namespace lockstep {

/// One array [samples, ...] in a file, read by rows as float.
class RowArray {
public:
    virtual ~RowArray() = default;

    /// For messages: "a.h5: /x".
    virtual std::string name() const = 0;

    virtual std::uint64_t rows() const = 0;
    /// Of one row; {} if the array has one axis.
    virtual const Shape& row_shape() const = 0;

    /// Reads row `indices[i]` into out[i * stride, i * stride + row_shape().size()), in any order and with
    /// repeats. Precondition: all indices < rows(), and `out` has room. Throws DataError or IoError.
    virtual void read(std::span<const std::uint64_t> indices, std::span<float> out,
                      std::size_t stride) const = 0;
};

}  // namespace lockstep
