#include "progress_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace lockstep {

namespace {

constexpr std::int64_t kBarWidth = 20;
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kGrey = "\x1b[37m";
constexpr const char* kPlain = "\x1b[0m";

std::string cells(std::int64_t count) {
    std::string text;
    for (std::int64_t i = 0; i < count; ++i) text += "━";
    return text;
}

std::string log_text(const Logs::Entry& entry) {
    return " - " + entry.first + ": " + metric_text(entry.second);
}

}  // namespace

std::string metric_text(double value) {
    if (std::isnan(value)) return "nan";  // fmt would show its sign bit
    return std::abs(value) > 1e-3 ? fmt::format("{:.4f}", value) : fmt::format("{:.4e}", value);
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds);
    if (whole > 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60);
    if (whole > 60) return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}s", whole);
}

std::string step_time_text(double seconds) {
    if (seconds >= 1.0 || seconds == 0.0) return fmt::format("{:.0f}s/step", seconds);
    if (seconds >= 1e-3) return fmt::format("{:.0f}ms/step", seconds * 1e3);
    return fmt::format("{:.0f}us/step", seconds * 1e6);
}

std::string logs_text(const Logs& logs) {
    std::string text;
    for (const Logs::Entry& entry : logs.entries()) text += log_text(entry);
    return text;
}

std::string bar_text(const Progress& progress, const Logs& logs, std::size_t width) {
    const std::int64_t total = std::max<std::int64_t>(progress.total, 1);
    const std::int64_t filled = std::clamp<std::int64_t>(kBarWidth * progress.done / total, 0, kBarWidth);
    const std::string count = fmt::format("{}/{}", progress.done, progress.total);
    const std::string time = duration_text(progress.ended ? progress.seconds : progress.seconds_left());
    const std::string step_time = step_time_text(progress.seconds_per_step());
    std::string text = fmt::format("{}{}{} {}{}{}{}{} {}{}{} {}", kBold, count, kPlain, kGreen, cells(filled),
                                   kGrey, cells(kBarWidth - filled), kPlain, kBold, time, kPlain, step_time);
    std::size_t visible =
        count.size() + static_cast<std::size_t>(kBarWidth) + time.size() + step_time.size() + 3;
    for (const Logs::Entry& entry : logs.entries()) {
        const std::string next = log_text(entry);
        visible += next.size();
        if (visible > width && !progress.ended) break;
        text += next;
    }
    return text;
}

}  // namespace lockstep
