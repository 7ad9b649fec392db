#pragma once

#include <string>

namespace lockstep {

/// Throw ConfigError naming `key` unless 0 <= value < 1, value > 0, value >= 0, or the value is finite.
void check_decay(const std::string& key, double value);
void check_positive(const std::string& key, double value);
void check_not_negative(const std::string& key, double value);
void check_finite(const std::string& key, double value);

}  // namespace lockstep
