#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <sstream>

#include <fmt/compile.h>

#include <lockstep/core/local_time.h>

namespace lockstep {

namespace {

std::tm local_tm(std::time_t time) {
    std::tm local{};
    localtime_r(&time, &local);
    return local;
}

}  // namespace

std::string iso_time(double time) {
    const auto milliseconds = static_cast<std::int64_t>(std::floor(time * 1e3));
    const std::tm local = local_tm(milliseconds / 1000);
    const long offset = std::labs(local.tm_gmtoff) / 60;
    return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}"),
                       local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min,
                       local.tm_sec, milliseconds % 1000, local.tm_gmtoff < 0 ? '-' : '+', offset / 60,
                       offset % 60);
}

std::string format_time(double time, const std::string& format) {
    const std::tm local = local_tm(static_cast<std::time_t>(time));
    std::ostringstream text;
    text << std::put_time(&local, format.c_str());
    return text.str();
}

}  // namespace lockstep
