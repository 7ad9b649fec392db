#include "support/histogram.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>

namespace lockstep {
namespace {

using testing::ElementsAre;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Histogram, EqualBinsFromTheSmallestToTheLargest) {
    const std::vector<float> values{0, 1, 1.5, 2, 7, 8};
    const Histogram result = histogram_of(values, 4);
    EXPECT_THAT(result.limits, ElementsAre(2, 4, 6, 8));
    EXPECT_THAT(result.counts, ElementsAre(3, 1, 0, 2));  // 2 begins a bin, 8 ends the last one
    EXPECT_EQ(result.min, 0);
    EXPECT_EQ(result.max, 8);
    EXPECT_EQ(result.sum, 19.5);
    EXPECT_EQ(result.sum_squares, 1 + 2.25 + 4 + 49 + 64);
    EXPECT_EQ(result.count, 6);
}

TEST(Histogram, EqualValuesHaveOneBin) {
    const Histogram result = histogram_of(std::vector<float>(5, -3.0F));
    EXPECT_THAT(result.limits, ElementsAre(-3));
    EXPECT_THAT(result.counts, ElementsAre(5));
    EXPECT_EQ(result.min, -3);
    EXPECT_EQ(result.max, -3);
}

TEST(Histogram, LeavesOutWhatIsNotFinite) {
    const Histogram result = histogram_of(std::vector<float>{kNaN, 1, kInfinity, 3, -kInfinity}, 2);
    EXPECT_THAT(result.limits, ElementsAre(2, 3));
    EXPECT_THAT(result.counts, ElementsAre(1, 1));
    EXPECT_EQ(result.count, 2);
    EXPECT_EQ(result.non_finite, 3);
    EXPECT_EQ(result.sum, 4);
}

// A bin without values: readers of TensorBoard's files divide lists of limits and counts of equal lengths.
TEST(Histogram, NothingFiniteIsOneEmptyBin) {
    for (const std::vector<float>& values : {std::vector<float>{}, std::vector<float>{kNaN, kInfinity}}) {
        const Histogram result = histogram_of(values);
        EXPECT_THAT(result.limits, ElementsAre(0));
        EXPECT_THAT(result.counts, ElementsAre(0));
        EXPECT_EQ(result.min, 0);
        EXPECT_EQ(result.max, 0);
        EXPECT_EQ(result.non_finite, static_cast<std::int64_t>(values.size()));
    }
}

TEST(Histogram, ExtremeRangesCountEveryValueOnce) {
    const float largest = std::numeric_limits<float>::max();
    const float smallest = std::numeric_limits<float>::denorm_min();
    for (const std::vector<float>& values :
         {std::vector<float>{-largest, 0, largest}, std::vector<float>{0, smallest, 2 * smallest},
          std::vector<float>{1, std::nextafter(1.0F, 2.0F), std::nextafter(1.0F, 0.0F)}}) {
        const Histogram result = histogram_of(values);
        EXPECT_EQ(result.counts.size(), 30);
        EXPECT_EQ(result.limits.size(), 30);
        EXPECT_EQ(std::accumulate(result.counts.begin(), result.counts.end(), 0.0), 3);
        EXPECT_TRUE(std::is_sorted(result.limits.begin(), result.limits.end()));
        EXPECT_EQ(result.limits.back(), result.max);
        EXPECT_TRUE(std::isfinite(result.sum_squares));
        EXPECT_GE(result.counts.front(), 1);
        EXPECT_GE(result.counts.back(), 1);
    }
}

}  // namespace
}  // namespace lockstep
