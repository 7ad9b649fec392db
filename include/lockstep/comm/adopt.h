#pragma once

#define OMPI_SKIP_MPICXX
#include <mpi.h>

#include <lockstep/comm/communicator.h>

namespace lockstep {

/// Collective. A duplicate of a communicator of the caller's; the caller keeps his own.
///
///     lockstep::Session session(lockstep::adopt_communicator(my_comm));
Communicator adopt_communicator(MPI_Comm ranks);

}  // namespace lockstep
