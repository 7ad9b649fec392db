#include "metric_shapes.h"

#include <string>

#include <lockstep/core/error.h>

namespace lockstep {

void check_same_size(std::string_view metric, const Shape& output, const Shape& target) {
    if (output.size() == target.size()) return;
    throw ShapeError(std::string(metric) + ": expected targets of the shape of the outputs, " +
                     output.to_string() + ", got " + target.to_string());
}

}  // namespace lockstep
