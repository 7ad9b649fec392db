#pragma once

#include <lockstep/core/config.h>

namespace lockstep {

/// Seconds of a setting such as "500ms", "2s", "5min", "1.5h", or a plain number of seconds. Throws
/// ConfigError naming the setting if it is none of these or negative.
double read_duration(const Config& setting);

}  // namespace lockstep
