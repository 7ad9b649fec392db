#pragma once

#include <lockstep/core/config.h>
#include <lockstep/core/construct.h>

namespace lockstep {

/// Seconds: a number, or a text such as "2s" or "1h30m"; `fallback` if the key is absent. Throws ConfigError.
double read_seconds(const Config& keys, const char* key, double fallback);

/// Whether hooks talk about what they did: Keras' `verbose`, 0 or 1; a boolean is the same. Throws
/// ConfigError.
int read_verbose(const Config& keys);

}  // namespace lockstep
