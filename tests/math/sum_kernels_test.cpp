#include <cmath>
#include <limits>

#include <lockstep/math/kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

TEST(SumKernels, SumOfSquares) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded values(normal_values(size, 1), offset);
        double expected = 0;
        for (const float value : values.span()) expected += double{value} * value;
        EXPECT_NEAR(sum_of_squares(values.span()), expected, 1e-13 * expected);
    });
}

TEST(SumKernels, SumOfMagnitudes) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded values(normal_values(size, 1), offset);
        double expected = 0;
        for (const float value : values.span()) expected += std::abs(double{value});
        EXPECT_NEAR(sum_of_magnitudes(values.span()), expected, 1e-13 * expected);
    });
}

TEST(SumKernels, SumOfSquaresIsInDoublePrecision) {
    std::vector<float> values(1001, 1e-4F);
    values[500] = 1e4F;  // in single precision the small ones would vanish
    EXPECT_NEAR(sum_of_squares(values) - 1e8, 1000 * 1e-8, 1e-6);
    EXPECT_GT(sum_of_squares(values), 1e8 + 9e-6);
    EXPECT_EQ(sum_of_squares(std::vector<float>(3, 1e30F)), 3 * double{1e30F} * double{1e30F});
}

TEST(SumKernels, SumOfSquaresDependsOnValuesNotOnThePlace) {
    Guarded here(normal_values(69, 4), 0), there(normal_values(69, 4), 3);
    EXPECT_EQ(sum_of_squares(here.span()), sum_of_squares(there.span()));
}

TEST(SumKernels, AllFiniteFindsOneBadValueAnywhere) {
    for_each_span([](std::size_t size, std::size_t offset) {
        Guarded values(normal_values(size, 1), offset);
        EXPECT_TRUE(all_finite(values.span()));
        const float inf = std::numeric_limits<float>::infinity();
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), inf, -inf}) {
            const std::size_t place = (size * 7 + offset) % size;
            values.span()[place] = bad;
            EXPECT_FALSE(all_finite(values.span()));
            values.span()[place] = std::numeric_limits<float>::max();
        }
        EXPECT_TRUE(all_finite(values.span()));
    });
}

TEST(SumKernels, AllFiniteLooksNoFartherThanTheSpan) {
    std::vector<float> values(40, 1.0F);
    values[33] = std::numeric_limits<float>::infinity();
    EXPECT_TRUE(all_finite(std::span(values).first(33)));
    EXPECT_FALSE(all_finite(std::span(values).first(34)));
}

TEST(SumKernels, SumRows) {
    for (const std::size_t rows : {1U, 3U, 4U, 64U, 65U, 200U}) {
        for_each_span([&](std::size_t columns, std::size_t offset) {
            Guarded gradient(normal_values(rows * columns, 1), offset), sum(columns, offset);
            sum_rows(gradient.span(), rows, sum.span());
            for (std::size_t column = 0; column < columns; ++column) {
                double expected = 0;
                for (std::size_t row = 0; row < rows; ++row)
                    expected += gradient.span()[row * columns + column];
                EXPECT_NEAR(sum.span()[column], expected, 1e-5);
            }
            EXPECT_TRUE(sum.untouched_outside());
        });
    }
}

TEST(SumKernels, SumRowsOverwritesAndStaysExactForManyRows) {
    constexpr std::size_t kRows = 100000;
    const std::vector<float> gradient(kRows * 3, 0.1F);
    std::vector<float> sum(3, 7.0F);
    sum_rows(gradient, kRows, sum);
    for (const float value : sum) EXPECT_NEAR(value, kRows * double{0.1F}, 0.05);  // one by one: off by 150
}

}  // namespace
}  // namespace lockstep::math
