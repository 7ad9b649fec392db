#pragma once

namespace lockstep {

/// Threads of BLAS in this process: OPENBLAS_NUM_THREADS is stronger than the job.
void use_threads(int threads);

}  // namespace lockstep
