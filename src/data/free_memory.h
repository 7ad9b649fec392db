#pragma once

#include <cstdint>

namespace lockstep {

/// Bytes of memory that this process can still get: what the machine has left, and its cgroups (version 2);
/// what only caches files counts as free. The largest number where nothing can be told.
std::uint64_t free_memory();

}  // namespace lockstep
