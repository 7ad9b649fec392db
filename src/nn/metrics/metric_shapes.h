#pragma once

#include <string_view>

#include <lockstep/core/shape.h>

namespace lockstep {

/// Throws ShapeError unless targets have as many elements as outputs.
void check_same_size(std::string_view metric, const Shape& output, const Shape& target);

}  // namespace lockstep
