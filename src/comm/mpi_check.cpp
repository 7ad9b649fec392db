#include "mpi_check.h"

#include <array>
#include <string>

#include <lockstep/comm/adopt.h>
#include <lockstep/core/error.h>

namespace lockstep {

void check_mpi(int code, std::string_view call) {
    if (code == MPI_SUCCESS) return;
    std::array<char, MPI_MAX_ERROR_STRING> text{};
    int length = 0;
    MPI_Error_string(code, text.data(), &length);
    throw MpiError(std::string(call) +
                   " failed: " + std::string(text.data(), static_cast<std::size_t>(length)));
}

}  // namespace lockstep
