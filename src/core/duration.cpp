#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <lockstep/core/duration.h>

namespace lockstep {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 6> kUnits{
    {{"ms", 1e-3}, {"s", 1.0}, {"m", 60.0}, {"min", 60.0}, {"h", 3600.0}, {"d", 86400.0}}};

constexpr double kLongest = 3.6e9;  // seconds: what no clock can overflow

std::optional<double> seconds_of(std::string_view unit) {
    const auto known = std::ranges::find(kUnits, unit, &std::pair<std::string_view, double>::first);
    return known == kUnits.end() ? std::nullopt : std::optional(known->second);
}

/// Numbers with units, one after the other: "1h30m"; or one number alone, of seconds.
std::optional<double> parse(std::string_view text) {
    double total = 0.0;
    for (bool first = true; first || !text.empty(); first = false) {
        double number = 0.0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failure != std::errc{} || !(number >= 0.0)) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (first && text.empty()) text = "s";
        const std::size_t length = std::min(text.find_first_of("0123456789."), text.size());
        const std::optional<double> unit = seconds_of(text.substr(0, length));
        if (!unit) return std::nullopt;
        total += number * *unit;
        text.remove_prefix(length);
    }
    return total <= kLongest ? std::optional(total) : std::nullopt;
}

}  // namespace

double read_duration(const Config& setting) {
    const std::string text =
        setting.is_number() ? std::to_string(setting.as<double>()) : setting.as<std::string>();
    const std::optional<double> seconds = parse(text);
    if (!seconds)
        setting.fail("expected a duration such as \"500ms\", \"2s\", \"5min\" or \"1h30m\", got \"" + text +
                     "\"");
    return *seconds;
}

}  // namespace lockstep
