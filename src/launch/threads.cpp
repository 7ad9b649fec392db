#include "threads.h"

#include <cstdlib>

#include <lockstep/math/blas.h>

namespace lockstep {

void use_threads(int threads) {
    if (std::getenv("OPENBLAS_NUM_THREADS") == nullptr) math::set_blas_threads(threads);
}

}  // namespace lockstep
