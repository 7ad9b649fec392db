#include "metric_shapes.h"

#include <string>

#include <lockstep/core/error.h>

namespace lockstep {

void check_same_size(std::string_view metric, const Shape& output, const Shape& target) {
    if (output.size() == target.size()) return;
    throw ShapeError(std::string(metric) + ": expected targets of the shape of the outputs, " +
                     output.to_string() + ", got " + target.to_string());
}

void check_sparse(std::string_view metric, const Shape& output, const Shape& target) {
    if (target.size() == 1 && output.size() >= 2) return;
    throw ShapeError(std::string(metric) +
                     ": expected one class number per sample and at least 2 outputs, got targets " +
                     target.to_string() + " and outputs " + output.to_string());
}

void check_one_hot(std::string_view metric, const Shape& output, const Shape& target) {
    check_same_size(metric, output, target);
    if (output.size() >= 2) return;
    throw ShapeError(std::string(metric) + ": expected at least 2 outputs, one for each class, got " +
                     output.to_string());
}

void check_class(std::string_view metric, std::size_t class_id, std::size_t classes) {
    if (class_id < classes) return;
    throw ShapeError(std::string(metric) + ": class_id: expected one of the " + std::to_string(classes) +
                     " classes, counted from 0, got " + std::to_string(class_id));
}

TypeHelp::Key class_id_key() {
    return {"class_id", "none", "looks at the output of this class alone"};
}

}  // namespace lockstep
