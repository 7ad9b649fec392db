#pragma once

#include <cstddef>
#include <string>

namespace lockstep::math {

enum class Transpose : bool { no, yes };

/// C [m, n] = alpha op(A) [m, k] op(B) [k, n] + beta C, row-major; `lda`, `ldb`, `ldc` are the distances
/// between rows in elements. With beta = 0, C is not read. Runs on the calling thread
/// unless set_blas_threads() said otherwise.
void gemm(Transpose transpose_a, Transpose transpose_b, std::size_t m, std::size_t n, std::size_t k,
          float alpha, const float* a, std::size_t lda, const float* b, std::size_t ldb, float beta, float* c,
          std::size_t ldc);

/// Threads of every later product in this process.
void set_blas_threads(int threads);
int blas_threads();

/// The kernels OpenBLAS chose for this CPU ("SkylakeX"), and its version ("0.3.21").
std::string blas_core();
std::string blas_version();

}  // namespace lockstep::math
