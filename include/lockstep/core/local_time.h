#pragma once

#include <string>

namespace lockstep {

/// Local time in ISO 8601, with milliseconds and offset, "2025-01-30T14:05:06.789+01:00", of a Unix time in
/// seconds.
std::string iso_time(double time);

/// Local time as strftime writes it, format "%H:%M", of a Unix time in seconds.
std::string format_time(double time, const std::string& format);

}  // namespace lockstep
