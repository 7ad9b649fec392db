#include "csv_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace lockstep {

namespace {

constexpr std::array<std::string_view, 7> kMissing{"", "NA", "N/A", "NaN", "nan", "null", "NULL"};

std::string_view without_blanks(std::string_view field) {
    constexpr const char* kBlanks = " \t";
    field.remove_prefix(std::min(field.find_first_not_of(kBlanks), field.size()));
    return field.substr(0, field.find_last_not_of(kBlanks) + 1);
}

}  // namespace

bool is_missing(std::string_view field) {
    return std::ranges::find(kMissing, without_blanks(field)) != kMissing.end();
}

std::optional<float> parse_number(std::string_view field) {
    field = without_blanks(field);
    if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
    double value = 0.0;  // then rounded to float, as other readers do
    const char* end = field.data() + field.size();
    const auto [stop, code] = std::from_chars(field.data(), end, value);
    const auto number = static_cast<float>(value);
    if (code != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

}  // namespace lockstep
