#pragma once

#include <cstddef>

namespace lockstep::test {

/// How often this thread has called operator new. Link lockstep_allocation_counter, which replaces that
/// operator.
std::size_t allocations_of_this_thread();

}  // namespace lockstep::test
