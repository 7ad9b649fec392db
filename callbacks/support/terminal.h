#pragma once

#include <cstddef>

namespace lockstep {

/// Whether standard output ends at somebody's terminal, where a line may be drawn again. mpirun gives its
/// processes a terminal of their own and copies what they write: then the question is where mpirun writes to.
bool output_is_terminal();

/// Characters in a line of it; 80 if that is unknown.
std::size_t terminal_width();

}  // namespace lockstep
