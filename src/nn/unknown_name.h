#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lockstep {

/// Throws ConfigError: there is no `kind` of that name; suggests the nearest one, else lists all.
[[noreturn]] void throw_unknown_name(std::string_view kind, std::string_view name,
                                     const std::vector<std::string>& known);

}  // namespace lockstep
