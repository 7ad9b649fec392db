#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// Adds the sources of this library.
void add_builtin_sources(Registry<Source>& registry);

}  // namespace lockstep
