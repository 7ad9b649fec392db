#include <algorithm>
#include <cmath>
#include <limits>

#include <lockstep/math/kernels.h>

#include "kernel_test.h"

namespace lockstep::math {
namespace {

constexpr std::size_t kRows = 5;

std::vector<double> plain_softmax(std::span<const float> x) {
    const double highest = *std::ranges::max_element(x);
    std::vector<double> y;
    double sum = 0;
    for (const float value : x) sum += y.emplace_back(std::exp(value - highest));
    for (double& value : y) value /= sum;
    return y;
}

TEST(Softmax, MatchesThePlainFormulaAtEveryWidth) {
    for_each_span([](std::size_t columns, std::size_t offset) {
        Guarded x(normal_values(kRows * columns, 1), offset), y(kRows * columns, 1);
        scale(x.span(), 4.0F, x.span());
        softmax(x.span(), kRows, y.span());
        for (std::size_t row = 0; row < kRows; ++row) {
            const auto expected = plain_softmax(x.span().subspan(row * columns, columns));
            // x - max x is rounded, by up to 30 half steps here.
            for (std::size_t i = 0; i < columns; ++i)
                expect_close(y.span()[row * columns + i], expected[i], 20);
        }
        EXPECT_TRUE(y.untouched_outside());
    });
}

TEST(Softmax, InPlaceGivesTheSame) {
    for (const std::size_t columns : {10U, 40U}) {
        Guarded x(normal_values(kRows * columns, 1), 1), y(kRows * columns, 0);
        softmax(x.span(), kRows, y.span());
        softmax(x.span(), kRows, x.span());
        EXPECT_EQ(x.values(), y.values());
    }
}

TEST(Softmax, LargeValuesDoNotOverflow) {
    for (const std::size_t columns : {3U, 40U}) {
        std::vector<float> x(columns, -1e30F);
        x[1] = 1e30F;
        std::vector<float> y(columns);
        softmax(x, 1, y);
        for (std::size_t i = 0; i < columns; ++i) EXPECT_EQ(y[i], i == 1 ? 1.0F : 0.0F);
    }
}

TEST(Softmax, NaNIsKeptInItsRowAlone) {
    for (const std::size_t columns : {10U, 40U}) {
        std::vector<float> x = normal_values(2 * columns, 1);
        x[columns - 1] = std::numeric_limits<float>::quiet_NaN();
        softmax(x, 2, x);
        EXPECT_TRUE(std::isnan(x[columns - 1]));
        EXPECT_TRUE(std::isnan(x[0]));
        EXPECT_TRUE(all_finite(std::span(x).subspan(columns)));
    }
}

TEST(Softmax, ARowHasTheSameBitsWhereverItLies) {
    for (std::size_t columns = 1; columns <= 40; ++columns) {
        const auto x = normal_values(kRows * columns, 1);
        std::vector<float> all(x.size()), alone(columns);
        softmax(x, kRows, all);
        softmax(std::span(x).last(columns), 1, alone);
        ASSERT_TRUE(std::equal(alone.begin(), alone.end(), all.end() - static_cast<std::ptrdiff_t>(columns)));
    }
}

TEST(Softmax, BackwardMatchesThePlainFormula) {
    for_each_span([](std::size_t columns, std::size_t offset) {
        Guarded y(normal_values(kRows * columns, 1), offset), dy(normal_values(kRows * columns, 2), 1);
        Guarded dx(kRows * columns, offset);
        softmax(y.span(), kRows, y.span());
        softmax_backward(y.span(), dy.span(), kRows, dx.span());
        for (std::size_t row = 0; row < kRows; ++row) {
            double sum = 0;
            for (std::size_t i = row * columns; i < (row + 1) * columns; ++i)
                sum += double{y.span()[i]} * dy.span()[i];
            for (std::size_t i = row * columns; i < (row + 1) * columns; ++i) {
                expect_close(dx.span()[i], y.span()[i] * (dy.span()[i] - sum), 8, 5e-7);
            }
        }
        EXPECT_TRUE(dx.untouched_outside());
    });
}

TEST(LogSoftmax, MatchesThePlainFormulaAtEveryWidth) {
    for_each_span([](std::size_t columns, std::size_t offset) {
        Guarded x(normal_values(kRows * columns, 1), offset), y(kRows * columns, 1),
            dy(normal_values(kRows * columns, 2), 2), dx(kRows * columns, 3);
        scale(x.span(), 4.0F, x.span());
        log_softmax(x.span(), kRows, y.span());
        log_softmax_backward(y.span(), dy.span(), kRows, dx.span());
        for (std::size_t first = 0; first < kRows * columns; first += columns) {
            const auto expected = plain_softmax(x.span().subspan(first, columns));
            double sum = 0;
            for (const float value : dy.span().subspan(first, columns)) sum += value;
            for (std::size_t i = 0; i < columns; ++i) {
                expect_close(y.span()[first + i], std::log(expected[i]), 4, 2e-6);
                expect_close(dx.span()[first + i], dy.span()[first + i] - expected[i] * sum, 4, 1e-5);
            }
        }
        EXPECT_TRUE(y.untouched_outside());
        EXPECT_TRUE(dx.untouched_outside());
    });
}

TEST(LogSoftmax, LargeValuesDoNotOverflowAndNaNIsKeptInItsRowAlone) {
    std::vector<float> x{1000, 0, std::numeric_limits<float>::quiet_NaN(), 0};
    log_softmax(x, 2, x);
    EXPECT_EQ(x[0], 0.0F);
    EXPECT_EQ(x[1], -1000.0F);
    EXPECT_TRUE(std::isnan(x[2]) && std::isnan(x[3]));
}

}  // namespace
}  // namespace lockstep::math
