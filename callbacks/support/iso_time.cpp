#include "iso_time.h"

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <sstream>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace lockstep {

std::string iso_time(double time) {
    const auto milliseconds = static_cast<std::int64_t>(std::floor(time * 1e3));
    const std::tm local = fmt::localtime(static_cast<std::time_t>(milliseconds / 1000));
    const long offset = std::labs(local.tm_gmtoff) / 60;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}{}{:02}:{:02}", local, milliseconds % 1000,
                       local.tm_gmtoff < 0 ? '-' : '+', offset / 60, offset % 60);
}

std::string format_time(double time, const std::string& format) {
    const std::tm local = fmt::localtime(static_cast<std::time_t>(time));
    std::ostringstream text;
    text << std::put_time(&local, format.c_str());
    return text.str();
}

}  // namespace lockstep
