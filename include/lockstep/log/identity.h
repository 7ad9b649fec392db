#pragma once

#include <string>

namespace lockstep::log {

/// Who writes: what every line says about its process.
struct Identity {
    int rank = 0;
    int size = 1;
    int node = 0;
    int local_rank = 0;  // among the ranks of its node
    std::string host = {};
    std::string run_id = {};     // empty: not known yet
    std::string slurm_job = {};  // empty: not a Slurm job
};

/// What the environment tells before MPI_Init: from mpirun (OMPI_COMM_WORLD_*), PMIx, PMI or Slurm, in
/// this order. Slurm comes last because under mpirun every rank has SLURM_PROCID=0. A process that
/// nobody launched is rank 0 of 1.
Identity early_identity();

/// Writes as `identity` from now on; a log file follows to the new rank's name. Throws IoError if that
/// cannot be opened.
void set_identity(const Identity& identity);

}  // namespace lockstep::log
