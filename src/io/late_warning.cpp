#include "late_warning.h"

#include <fmt/format.h>

#include <lockstep/log/log.h>

namespace lockstep::io {

void LateWarning::wait(std::string_view what, std::string_view why) {
    const Clock::time_point now = Clock::now();
    if (!since_) since_ = now;
    if (warned_ || now - *since_ < after_) return;
    warned_ = true;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - *since_).count();
    log::write(log::Level::warning, "io",
               fmt::format("{}: {} wait in memory for {} s: {}", path_, what, seconds, why));
}

void LateWarning::reset() {
    since_.reset();
    warned_ = false;
}

}  // namespace lockstep::io
