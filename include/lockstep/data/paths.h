#pragma once

#include <string>
#include <vector>

#include <lockstep/core/config.h>

namespace lockstep {

/// `text` with each ${NAME} replaced by that environment variable. Throws ConfigError naming the variable if
/// it is not set, or if a "${" is never closed.
std::string expand_variables(const std::string& text);

/// The file that a setting names: variables expanded, and relative to `directory` unless it is absolute.
/// Throws ConfigError as above, or IoError if there is no such file; both say where the setting was written.
std::string data_file(const Config& setting, const std::string& directory);

/// The same for a directory, which need not exist.
std::string data_directory(const Config& setting, const std::string& directory);

/// The same for a pattern with *, ? or [...], in name order. Throws IoError if no file matches.
std::vector<std::string> data_files(const Config& setting, const std::string& directory);

}  // namespace lockstep
