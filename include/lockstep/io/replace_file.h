#pragma once

#include <string>
#include <string_view>

namespace lockstep::io {

/// Writes a whole file in the place of what may be there: whoever reads it meanwhile, or after the program
/// was killed, finds the old file or the new one. Throws IoError; the old one stays then.
void replace_file(const std::string& path, std::string_view bytes);

}  // namespace lockstep::io
