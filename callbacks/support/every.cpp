#include "every.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

void require_positive(const char* callback, const char* key, int value) {
    if (value < 1)
        throw ConfigError(
            fmt::format("{0}: {1}: expected 1 or more, got {2}; for example {1} = 10", callback, key, value));
}

void require_verbose(const char* callback, int value) {
    if (value != 0 && value != 1)
        throw ConfigError(fmt::format("{}: verbose: expected 0 or 1, got {}", callback, value));
}

}  // namespace lockstep
