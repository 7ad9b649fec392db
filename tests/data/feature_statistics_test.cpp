#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/core/random.h>
#include <lockstep/data/feature_statistics.h>

namespace lockstep {
namespace {

using testing::ElementsAre;

TEST(FeatureStatistics, StandardOfKnownNumbers) {
    std::vector<float> values{1, 10, 3, 10, 5, 10, 7, 10};  // mean 4, variance 5; and a constant
    FeatureStatistics statistics(2);
    statistics.add({values.data(), 4, 2});
    std::vector<std::size_t> constant;
    const FeatureScaling made = statistics.scaling("standard", constant);
    EXPECT_THAT(constant, ElementsAre(1));
    EXPECT_FLOAT_EQ(made.factor[0], 1.0F / std::sqrt(5.0F));
    EXPECT_FLOAT_EQ(made.offset[0], -4.0F / std::sqrt(5.0F));
    EXPECT_THAT(made.factor[1], 1.0F);
    EXPECT_THAT(made.offset[1], -10.0F);
}

TEST(FeatureStatistics, MinmaxMapsToZeroAndOneAndBack) {
    const std::vector<float> original{-2, 4, 6, 0, 2, 8};
    std::vector<float> values = original;
    FeatureStatistics statistics(2);
    statistics.add({values.data(), 3, 2});
    std::vector<std::size_t> constant;
    const FeatureScaling made = statistics.scaling("minmax", constant);
    made.apply({values.data(), 3, 2});
    EXPECT_THAT(values, testing::Pointwise(testing::FloatNear(1e-6F), {0.0F, 0.5F, 1.0F, 0.0F, 0.5F, 1.0F}));
    made.undo({values.data(), 3, 2});
    EXPECT_THAT(values, testing::Pointwise(testing::FloatNear(1e-5F), original));
    EXPECT_TRUE(constant.empty());
}

TEST(FeatureStatistics, PartsMergedEqualTheWhole) {
    constexpr std::size_t kRows = 1000;
    constexpr std::size_t kFeatures = 3;
    std::vector<float> values(kRows * kFeatures);
    RandomStream(1, Purpose::noise).normal(0, 0, values);
    for (std::size_t i = 0; i < values.size(); i += kFeatures)
        values[i] = 1000.0F + values[i];  // mean >> deviation
    FeatureStatistics whole(kFeatures);
    whole.add({values.data(), kRows, kFeatures});

    FeatureStatistics merged(kFeatures);
    for (const auto& [first, count] :
         std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}, {1, 0}, {1, 700}, {701, 299}}) {
        FeatureStatistics part(kFeatures);
        part.add(ConstMatrix(values.data(), kRows, kFeatures).rows(first, count));
        merged.merge(FeatureStatistics::deserialize(part.serialize()));
    }
    const std::vector<double> a = whole.serialize();
    const std::vector<double> b = merged.serialize();
    ASSERT_EQ(a.size(), 1 + 4 * kFeatures);
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(b[i] / a[i], 1.0, 1e-12) << "number " << i;

    // Against a sum over deviations from the mean of the first feature, independent of the class.
    double mean = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < values.size(); i += kFeatures) mean += static_cast<double>(values[i]) / kRows;
    for (std::size_t i = 0; i < values.size(); i += kFeatures)
        squares += std::pow(static_cast<double>(values[i]) - mean, 2);
    EXPECT_NEAR(b[1], mean, 1e-9);
    EXPECT_NEAR(b[1 + kFeatures] / squares, 1.0, 1e-9);
}

TEST(FeatureStatistics, NamesAFeatureThatIsNotFinite) {
    std::vector<float> values{1, 2, 3, std::numeric_limits<float>::quiet_NaN()};
    FeatureStatistics statistics(2);
    statistics.add({values.data(), 2, 2});
    std::vector<std::size_t> constant;
    try {
        statistics.scaling("standard", constant);
        FAIL() << "expected DataError";
    } catch (const DataError& error) {
        EXPECT_STREQ(error.what(), "normalization: feature 1 has NaN or infinite values");
    }
}

TEST(FeatureStatistics, RejectsUnknownKindsAndOtherShapes) {
    FeatureStatistics statistics(2);
    std::vector<std::size_t> constant;
    EXPECT_THROW(statistics.scaling("zscore", constant), ConfigError);
    EXPECT_THROW(statistics.scaling("standard", constant), DataError) << "no samples";
    std::vector<float> values(3);
    EXPECT_THROW(statistics.add({values.data(), 1, 3}), ShapeError);
    EXPECT_THROW(FeatureStatistics::deserialize(std::vector<double>(4)), ShapeError);
    EXPECT_THROW((FeatureScaling{{1}, {0}}.apply({values.data(), 1, 3})), ShapeError);
}

}  // namespace
}  // namespace lockstep
