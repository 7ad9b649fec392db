#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstep::math {

/// What OPENBLAS_CORETYPE should be, if OpenBLAS chose slower kernels than this CPU can run: 0.3.21
/// does not know newer CPUs and falls back to its Haswell kernels, at half the speed. Empty
/// if the choice is good or the user made it (OPENBLAS_CORETYPE is set).
std::optional<std::string> better_blas_core();

/// Vector instructions of a CPU that OpenBLAS has kernels for.
struct CpuVectors {
    bool avx2_fma = false;
    bool avx512 = false;  // F, CD, BW, DQ and VL
};

/// The kernels for `cpu` that are better than `chosen`; empty if there are none.
std::optional<std::string> better_blas_core(std::string_view chosen, CpuVectors cpu);

/// Starts the program again with OPENBLAS_CORETYPE set, if better_blas_core() knows a better one. The choice
/// is made when the library loads, so call this before any thread, output or MPI_Init. Returns if there is
/// nothing to do or the start failed; never loops.
void restart_with_better_blas_core(char** argv);

}  // namespace lockstep::math
