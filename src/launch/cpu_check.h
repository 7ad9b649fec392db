#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep {

/// The names of the features in `compiled` that are not in `available`, such as "avx2 fma", into `text`
/// [size], cut if it is too long. Returns their number.
int missing_features(std::uint32_t compiled, std::uint32_t available, char* text, std::size_t size);

/// CpuFeature bits of this CPU.
std::uint32_t available_features();

/// Ends the program with one line if this CPU lacks what it was compiled for. Runs by itself before
/// everything else that is compiled for that CPU, even before main(); the call is what links it.
void require_cpu();

}  // namespace lockstep
