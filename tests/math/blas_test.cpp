#include <limits>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/math/blas.h>
#include <lockstep/math/blas_core.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

using ::testing::MatchesRegex;

struct Product {
    Transpose transpose_a, transpose_b;
    std::size_t m, n, k;
    std::size_t gap;  // elements between the rows of each matrix
    float alpha, beta;
};

/// The element [row, column] of op(X), whose rows lie `distance` apart.
float element(const std::vector<float>& matrix, Transpose transpose, std::size_t row, std::size_t column,
              std::size_t distance) {
    return transpose == Transpose::yes ? matrix[column * distance + row] : matrix[row * distance + column];
}

void check(const Product& p) {
    const bool a_turned = p.transpose_a == Transpose::yes;
    const bool b_turned = p.transpose_b == Transpose::yes;
    const std::size_t lda = (a_turned ? p.m : p.k) + p.gap;
    const std::size_t ldb = (b_turned ? p.k : p.n) + p.gap;
    const std::size_t ldc = p.n + p.gap;
    const auto a = normal_values((a_turned ? p.k : p.m) * lda, 1);
    const auto b = normal_values((b_turned ? p.n : p.k) * ldb, 2);
    const auto before = normal_values(p.m * ldc, 3);
    auto c = before;
    gemm(p.transpose_a, p.transpose_b, p.m, p.n, p.k, p.alpha, a.data(), lda, b.data(), ldb, p.beta, c.data(),
         ldc);
    for (std::size_t i = 0; i < p.m; ++i) {
        for (std::size_t j = 0; j < p.n; ++j) {
            double sum = 0;
            for (std::size_t l = 0; l < p.k; ++l) {
                sum += double{element(a, p.transpose_a, i, l, lda)} * element(b, p.transpose_b, l, j, ldb);
            }
            ASSERT_NEAR(c[i * ldc + j], p.alpha * sum + p.beta * double{before[i * ldc + j]}, 2e-5);
        }
        for (std::size_t j = p.n; j < ldc; ++j) ASSERT_EQ(c[i * ldc + j], before[i * ldc + j]);
    }
}

TEST(Gemm, MatchesThePlainLoops) {
    for (const Transpose transpose_a : {Transpose::no, Transpose::yes}) {
        for (const Transpose transpose_b : {Transpose::no, Transpose::yes}) {
            for (const std::size_t gap : {0U, 3U}) {
                check({transpose_a, transpose_b, 17, 10, 33, gap, 1.0F, 0.0F});
                check({transpose_a, transpose_b, 5, 21, 8, gap, 0.5F, 1.0F});
                check({transpose_a, transpose_b, 1, 1, 1, gap, -1.0F, 2.0F});
            }
        }
    }
}

TEST(Gemm, WithBetaZeroTheResultIsNotRead) {
    const std::vector<float> ones(16, 1.0F);
    std::vector<float> c(16, std::numeric_limits<float>::quiet_NaN());
    gemm(Transpose::no, Transpose::no, 4, 4, 4, 1.0F, ones.data(), 4, ones.data(), 4, 0.0F, c.data(), 4);
    EXPECT_EQ(c, std::vector<float>(16, 4.0F));
}

TEST(Gemm, RefusesWhatBlasCannotCount) {
    float x = 0;
    const std::size_t huge = std::size_t{1} << 33;
    EXPECT_THROW(gemm(Transpose::no, Transpose::no, huge, 1, 1, 1.0F, &x, 1, &x, 1, 0.0F, &x, 1), ShapeError);
}

TEST(Blas, RunsOnOneThreadUnlessTold) {
    EXPECT_EQ(blas_threads(), 1);
    set_blas_threads(2);
    EXPECT_EQ(blas_threads(), 2);
    set_blas_threads(1);
}

TEST(Blas, SaysWhatItIs) {
    EXPECT_NE(blas_core(), "");
    EXPECT_THAT(blas_version(), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+.*"));
}

TEST(BlasCore, ABetterOneIsFoundWhereTheChoiceWasPoor) {
    const CpuVectors avx512{.avx2_fma = true, .avx512 = true};
    const CpuVectors avx2{.avx2_fma = true, .avx512 = false};
    EXPECT_EQ(better_blas_core("Haswell", avx512), "SkylakeX");
    EXPECT_EQ(better_blas_core("Zen", avx512), "SkylakeX");
    EXPECT_EQ(better_blas_core("Prescott", avx512), "SkylakeX");
    EXPECT_EQ(better_blas_core("Prescott", avx2), "Haswell");
    EXPECT_EQ(better_blas_core("Sandybridge", avx2), "Haswell");
}

TEST(BlasCore, AGoodChoiceStands) {
    EXPECT_EQ(better_blas_core("SkylakeX", {.avx2_fma = true, .avx512 = true}), std::nullopt);
    EXPECT_EQ(better_blas_core("SapphireRapids", {.avx2_fma = true, .avx512 = true}), std::nullopt);
    EXPECT_EQ(better_blas_core("Zen", {.avx2_fma = true, .avx512 = false}), std::nullopt);
    EXPECT_EQ(better_blas_core("Sandybridge", {}), std::nullopt);
}

TEST(BlasCore, TheUsersChoiceStands) {
    ::setenv("OPENBLAS_CORETYPE", "Haswell", 1);
    EXPECT_EQ(better_blas_core(), std::nullopt);
    ::unsetenv("OPENBLAS_CORETYPE");
}

}  // namespace
}  // namespace lockstep::math
