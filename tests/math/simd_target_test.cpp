#include <cmath>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/math/kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

TEST(SimdTargets, AreThereAndHaveAName) {
    EXPECT_NE(simd_targets(), 0);
    EXPECT_NE(std::string(simd_target_name()), "");
}

TEST(SimdTargets, EveryOneComputesTheSameUpToRounding) {
    const std::int64_t all = simd_targets();
    const auto x = normal_values(kLongest, 1);
    for (std::int64_t rest = all; rest != 0; rest &= rest - 1) {
        const std::int64_t target = rest & -rest;
        limit_simd_targets(target);
        EXPECT_EQ(simd_targets(), target);
        SCOPED_TRACE(simd_target_name());

        std::vector<float> y(kLongest);
        tanh(x, y);
        for (std::size_t i = 0; i < kLongest; ++i) expect_close(y[i], std::tanh(double{x[i]}));
        softmax(x, 7, y);
        double sum = 0;
        for (const float value : y) sum += value;
        EXPECT_NEAR(sum, 7.0, 1e-5);
        sum_rows(x, 7, std::span(y).first(10));
        for (std::size_t row = 0; row < 7; ++row) y[3] -= x[row * 10 + 3];
        EXPECT_NEAR(y[3], 0.0, 1e-5);
        EXPECT_NEAR(sum_of_squares(std::vector<float>(kLongest, 0.5F)), 0.25 * kLongest, 1e-12);
    }
    limit_simd_targets(all);
    EXPECT_EQ(simd_targets(), all);
}

TEST(SimdTargets, LimitingToNoneIsAnError) {
    const std::int64_t all = simd_targets();
    EXPECT_THROW(limit_simd_targets(0), Error);
    EXPECT_EQ(simd_targets(), all);
}

}  // namespace
}  // namespace lockstep::math
