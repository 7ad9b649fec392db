#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace lockstep {

/// The extents of one sample or one weight, slowest first: [28, 28, 1] is height, width, channels.
/// The batch dimension is never part of a Shape.
class Shape {
public:
    Shape() = default;
    Shape(std::initializer_list<std::size_t> extents) : extents_(extents) {}
    explicit Shape(std::vector<std::size_t> extents) : extents_(std::move(extents)) {}

    std::size_t rank() const { return extents_.size(); }
    std::size_t operator[](std::size_t axis) const { return extents_[axis]; }
    std::span<const std::size_t> extents() const { return extents_; }

    /// Number of elements; 1 for a scalar. Throws ShapeError if it does not fit std::size_t.
    std::size_t size() const;

    /// "[28, 28, 1]"
    std::string to_string() const;

    bool operator==(const Shape&) const = default;

private:
    std::vector<std::size_t> extents_;
};

}  // namespace lockstep
