#pragma once

#include <lockstep/data/source.h>

namespace lockstep::fuzz {

/// Reads the first and the last sample of a source, if one is small enough to be kept.
void read_rows(const Source& source);

}  // namespace lockstep::fuzz
