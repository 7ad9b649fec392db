#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lockstep::io {

/// Warns of what has waited in memory for long because its file cannot be written; once until it is written.
class LateWarning {
public:
    LateWarning(std::string path, std::chrono::milliseconds after) : path_(std::move(path)), after_(after) {}

    /// `what` waits still ("12 rows"); `why`: what the last attempt met.
    void wait(std::string_view what, std::string_view why);
    /// Nothing waits any more.
    void reset();

private:
    using Clock = std::chrono::steady_clock;

    std::string path_;
    std::chrono::milliseconds after_;
    std::optional<Clock::time_point> since_;
    bool warned_ = false;
};

}  // namespace lockstep::io
