#pragma once

#include <cstddef>
#include <string>

#include <lockstep/core/error.h>

namespace lockstep {

/// Throws ShapeError that begins with `what` unless both are the same.
inline void require_features(const char* what, std::size_t got, std::size_t expected) {
    if (got != expected)
        throw ShapeError(std::string(what) + ": expected " + std::to_string(expected) + " features, got " +
                         std::to_string(got));
}

}  // namespace lockstep
