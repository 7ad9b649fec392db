#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <lockstep/core/config.h>
#include <lockstep/core/error.h>
#include <lockstep/log/level.h>

namespace lockstep::log {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info", "warning", "error", "off"};

}  // namespace

Level parse_level(std::string_view name) {
    if (name == "warn") return Level::warning;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name) return static_cast<Level>(i);
    }
    const auto similar = nearest(name, std::vector<std::string>(kNames.begin(), kNames.end()));
    throw ConfigError(
        fmt::format("expected a log level (trace, debug, info, warning, error or off), got '{}'{}", name,
                    similar ? fmt::format("; did you mean '{}'?", *similar) : ""));
}

std::string_view level_name(Level level) {
    return kNames.at(static_cast<std::size_t>(level));
}

}  // namespace lockstep::log
