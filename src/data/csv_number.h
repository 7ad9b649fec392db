#pragma once

#include <optional>
#include <string_view>

namespace lockstep {

/// Whether a field stands for no value: it is blank, or NA, N/A, NaN, nan, null or NULL.
bool is_missing(std::string_view field);

/// The number that is all of the field, blanks around it aside; none if there is none, or if it is not finite
/// as a float.
std::optional<float> parse_number(std::string_view field);

}  // namespace lockstep
