#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Whole numbers of one to four digits with a colon between each two; none if the text is anything else.
std::vector<int> parse_fields(std::string_view text) {
    std::vector<int> fields;
    while (true) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == 0 || digits > 4) return {};
        std::from_chars(text.data(), text.data() + digits, fields.emplace_back());
        text.remove_prefix(digits);
        if (text.empty()) return fields;
        if (!text.starts_with(':')) return {};
        text.remove_prefix(1);
    }
}

/// "hh:mm:ss", "dd:hh:mm:ss", and Slurm's "d-hh", "d-hh:mm", "d-hh:mm:ss".
std::optional<double> parse_clock(std::string_view text) {
    const std::size_t dash = text.find('-');
    std::vector<int> days, clock;
    if (dash == std::string_view::npos) {
        clock = parse_fields(text);
        if (clock.size() != 3 && clock.size() != 4) return std::nullopt;
        if (clock.size() == 3) days = {0};
    } else {
        days = parse_fields(text.substr(0, dash));
        clock = parse_fields(text.substr(dash + 1));
        if (days.size() != 1 || clock.empty() || clock.size() > 3) return std::nullopt;
    }
    clock.insert(clock.begin(), days.begin(), days.end());
    clock.resize(4);
    if (clock[2] > 59 || clock[3] > 59) return std::nullopt;
    return ((clock[0] * 24.0 + clock[1]) * 60.0 + clock[2]) * 60.0 + clock[3];
}

/// Numbers with units, one after the other: "1h30m"; or one number alone, which is of `unit`.
std::optional<double> parse_units(std::string_view text, std::string_view unit) {
    double total = 0.0;
    for (bool first = true; first || !text.empty(); first = false) {
        double count = 0.0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (failure != std::errc{} || !(count >= 0.0)) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (first && text.empty()) text = unit;
        const std::size_t length = std::min(text.find_first_of("0123456789."), text.size());
        const std::optional<double> seconds = seconds_of(text.substr(0, length));
        if (!seconds) return std::nullopt;
        total += count * *seconds;
        text.remove_prefix(length);
    }
    return total <= kLongest ? std::optional(total) : std::nullopt;
}

double read(const Config& setting, std::string_view unit) {
    const std::string text =
        setting.is_number() ? std::to_string(setting.as<double>()) : setting.as<std::string>();
    const std::optional<double> clock = parse_clock(text);
    const std::optional<double> seconds = clock ? clock : parse_units(text, unit);
    if (!seconds)
        setting.fail(
            "expected a duration such as \"500ms\", \"2s\", \"5min\", \"1h30m\" or \"01:30:00\", got \"" +
            text + "\"");
    return *seconds;
}

}  // namespace

double read_duration(const Config& setting) {
    return read(setting, "s");
}

double read_time_limit(const Config& setting) {
    return read(setting, "m");
}

}  // namespace lockstep
