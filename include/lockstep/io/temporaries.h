#pragma once

#include <string>

namespace lockstep::io {

/// Removes the temporary files, `.<name>.tmp.<pid>`, that killed programs have left in `directory`, if there
/// is one. Nobody may be writing there. Throws IoError.
void remove_temporaries(const std::string& directory);

}  // namespace lockstep::io
