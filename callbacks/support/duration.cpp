#include "duration.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lockstep {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
    {{"ms", 1e-3}, {"s", 1.0}, {"min", 60.0}, {"h", 3600.0}, {"", 1.0}}};

constexpr double kLongest = 1e6;  // in its unit: what no clock can overflow

std::optional<double> parse(std::string_view text) {
    double number = 0.0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || !(number >= 0.0 && number <= kLongest)) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    for (const auto& [name, seconds] : kUnits)
        if (unit == name) return number * seconds;
    return std::nullopt;
}

}  // namespace

double read_duration(const Config& setting) {
    const std::string text =
        setting.is_number() ? std::to_string(setting.as<double>()) : setting.as<std::string>();
    const std::optional<double> seconds = parse(text);
    if (!seconds)
        setting.fail("expected a duration such as \"500ms\", \"2s\", \"5min\" or \"1h\", got \"" + text +
                     "\"");
    return *seconds;
}

}  // namespace lockstep
