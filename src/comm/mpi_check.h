#pragma once

#include <string_view>

namespace lockstep {

/// Throws MpiError with MPI's own text unless `code` is MPI_SUCCESS. `call`: "MPI_Allreduce".
void check_mpi(int code, std::string_view call);

}  // namespace lockstep
