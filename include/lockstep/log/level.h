#pragma once

#include <string_view>

namespace lockstep::log {

/// How much a line matters. `off` is a threshold only: nothing is written with it.
enum class Level { trace, debug, info, warning, error, off };

/// The level of that name; "warn" is a warning too. Throws ConfigError naming the nearest level.
Level parse_level(std::string_view name);

/// "trace", "debug", "info", "warning", "error" or "off".
std::string_view level_name(Level level);

}  // namespace lockstep::log
