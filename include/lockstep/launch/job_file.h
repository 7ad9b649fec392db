#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <lockstep/core/config.h>

namespace lockstep {

/// The tree of a TOML text; every value knows its line. `name` is the file in messages. Throws ConfigError
/// ("job.toml:3:7: ...") if it is not TOML, or has a date or time, which no setting is.
Config parse_toml(std::string_view text, const std::string& name);

/// One TOML value, as in `key = VALUE`, with the origin `name`. Throws ConfigError.
Config parse_toml_value(std::string_view text, const std::string& name);

/// All of a text file. Throws ConfigError if it cannot be read.
std::string read_text(const std::filesystem::path& file);

}  // namespace lockstep
