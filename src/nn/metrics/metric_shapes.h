#pragma once

#include <string_view>

#include <lockstep/core/registry.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// Throws ShapeError unless targets have as many elements as outputs.
void check_same_size(std::string_view metric, const Shape& output, const Shape& target);

/// Throws ShapeError unless a target is one class number and there are at least 2 outputs.
void check_sparse(std::string_view metric, const Shape& output, const Shape& target);

/// Throws ShapeError unless targets have as many elements as outputs, at least 2.
void check_one_hot(std::string_view metric, const Shape& output, const Shape& target);

/// Throws ShapeError unless class_id is one of `classes`.
void check_class(std::string_view metric, std::size_t class_id, std::size_t classes);

/// What a job file may say to look at one class alone.
TypeHelp::Key class_id_key();

}  // namespace lockstep
