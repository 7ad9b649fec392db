#include <atomic>
#include <limits>

#include <cblas.h>

#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>

namespace lockstep::math {
namespace {

// OpenBLAS keeps its number of threads per process, so whether somebody chose it is kept per process too.
std::atomic<bool> threads_chosen{false};

/// OpenBLAS starts with a thread per core, where other ranks are at work.
void use_one_thread_unless_chosen() {
    if (!threads_chosen.exchange(true)) openblas_set_num_threads(1);
}

blasint to_blas(std::size_t extent) {
    if (extent > static_cast<std::size_t>(std::numeric_limits<blasint>::max())) {
        throw ShapeError("gemm: expected extents that fit BLAS's integers, got " + std::to_string(extent));
    }
    return static_cast<blasint>(extent);
}

CBLAS_TRANSPOSE to_blas(Transpose transpose) {
    return transpose == Transpose::yes ? CblasTrans : CblasNoTrans;
}

}  // namespace

void gemm(Transpose transpose_a, Transpose transpose_b, std::size_t m, std::size_t n, std::size_t k,
          float alpha, const float* a, std::size_t lda, const float* b, std::size_t ldb, float beta, float* c,
          std::size_t ldc) {
    if (!threads_chosen.load(std::memory_order_relaxed)) use_one_thread_unless_chosen();
    cblas_sgemm(CblasRowMajor, to_blas(transpose_a), to_blas(transpose_b), to_blas(m), to_blas(n), to_blas(k),
                alpha, a, to_blas(lda), b, to_blas(ldb), beta, c, to_blas(ldc));
}

void set_blas_threads(int threads) {
    threads_chosen = true;
    openblas_set_num_threads(threads);
}

int blas_threads() {
    use_one_thread_unless_chosen();
    return openblas_get_num_threads();
}

std::string blas_core() {
    return openblas_get_corename();
}

std::string blas_version() {
    const std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY ..."
    const auto start = config.find_first_of("0123456789");
    return start == std::string::npos ? config : config.substr(start, config.find(' ', start) - start);
}

}  // namespace lockstep::math
