#pragma once

#include <lockstep/core/config.h>

namespace lockstep {

/// Seconds of a setting such as "500ms", "2s", "5min", "1h30m", of a clock's text ("01:30:00"; with days
/// "1-06:00:00" or "01:06:00:00"), or of a plain number of seconds. Throws ConfigError naming the setting if
/// it is none of these or negative.
double read_duration(const Config& setting);

/// Seconds of a setting that means what it means to `sbatch --time`: the same texts, but a plain number, as
/// 90 or "90", is of minutes. Throws ConfigError.
double read_time_limit(const Config& setting);

}  // namespace lockstep
