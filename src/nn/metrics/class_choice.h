#pragma once

#include <cstddef>
#include <span>

namespace lockstep {

/// The index of the largest value; the first one of equals.
std::size_t index_of_largest(std::span<const float> values);

/// The class that a target names: a class number if it is one value, else where its largest value is. Throws
/// DataError unless a class number is a whole number in [0, classes).
std::size_t class_of_target(std::span<const float> target, std::size_t classes);

}  // namespace lockstep
