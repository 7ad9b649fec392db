#pragma once

#include <cstdint>

namespace lockstep {

/// Whether `number`, counted from 0, is one of 0, every, 2 every, ...: epochs and steps that are logged are
/// the same after a resume.
constexpr bool is_due(std::int64_t number, int every) {
    return number % every == 0;
}

/// Throws ConfigError naming the callback and the key unless `value` is at least 1.
void require_positive(const char* callback, const char* key, int value);

/// Throws ConfigError unless `value` is 0 or 1.
void require_verbose(const char* callback, int value);

}  // namespace lockstep
