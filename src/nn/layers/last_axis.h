#pragma once

#include <string>

#include <lockstep/core/error.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// The extent of the last axis. Throws ShapeError if there is no axis.
inline std::size_t last_axis_of(const Shape& input) {
    if (input.rank() == 0) throw ShapeError("expected inputs of at least one axis, got " + input.to_string());
    return input[input.rank() - 1];
}

}  // namespace lockstep
