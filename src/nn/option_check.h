#pragma once

#include <sstream>
#include <string>

#include <lockstep/core/error.h>

namespace lockstep {

/// Throws ConfigError("<key>: expected <expected>, got <value>") unless `good`.
template <typename T>
void check_option(bool good, const std::string& key, const std::string& expected, const T& value) {
    if (good) return;
    std::ostringstream message;
    message << key << ": expected " << expected << ", got " << value;
    throw ConfigError(message.str());
}

}  // namespace lockstep
