#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/dataset.h>

#include "counting_source.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset counting(std::uint64_t samples) {
    return Dataset(std::make_shared<CountingSource>(samples));
}

TEST(Dataset, SplitsOffTheLastSamplesAsKerasDoes) {
    // Keras: split_at = floor(size * (1 - fraction))
    struct Case {
        std::uint64_t size;
        double fraction;
        std::uint64_t kept;
    };
    for (const auto& [size, fraction, kept] : {Case{10, 0.1, 9}, Case{11, 0.25, 8}, Case{11, 0.5, 5}}) {
        const Dataset::Parts parts = counting(size).split(fraction);
        EXPECT_EQ(parts.first.size(), kept);
        EXPECT_EQ(parts.last.size(), size - kept);
        EXPECT_EQ(read_rows(parts.last, {0}).inputs[0], static_cast<float>(kept));
    }
}

TEST(Dataset, RejectsSplitsThatLeaveNothing) {
    EXPECT_THROW(counting(10).split(0.0), ConfigError);
    EXPECT_THROW(counting(10).split(1.0), ConfigError);
    EXPECT_THROW(counting(10).split(0.95), ConfigError);
    EXPECT_THROW(counting(1).split(0.5), ConfigError);
}

TEST(Dataset, WeightsGoWithTheirSamples) {
    const Dataset all = counting(6).slice(1, 5).weighted({0.0F, 1.0F, 2.0F, 3.0F, 4.0F});
    const auto weights_of = [](const Dataset& data, const std::vector<std::uint64_t>& indices) {
        return read_rows(data, indices, true).weights;
    };
    EXPECT_THAT(weights_of(all, {4, 0, 2}), ElementsAre(4.0F, 0.0F, 2.0F));
    EXPECT_THAT(weights_of(all.slice(2, 3), {0, 2}), ElementsAre(2.0F, 4.0F));
    EXPECT_THAT(weights_of(all.split(0.4).last, {0, 1}), ElementsAre(3.0F, 4.0F));
    EXPECT_THAT(weights_of(all.slice(1, 2).weighted({7.0F, 8.0F}), {0, 1}), ElementsAre(7.0F, 8.0F));
    EXPECT_THROW(all.weighted({1.0F}), ShapeError);
}

TEST(Dataset, SlicesOfSlices) {
    const Dataset part = counting(20).slice(5, 10).slice(2, 4);
    EXPECT_EQ(part.size(), 4U);
    EXPECT_THAT(read_rows(part, {0, 3}).inputs, ElementsAre(7.0F, 7.5F, 10.0F, 10.5F));
    EXPECT_EQ(part.describe(), "counting, samples 7 to 10");
    EXPECT_THROW(part.slice(2, 3), DataError);
    EXPECT_THROW(part.slice(5, 1), DataError);
    EXPECT_THROW(part.slice(0, 0), DataError);
    EXPECT_THROW(counting(0), DataError);
}

TEST(Dataset, ReadsMoreThanItHoldsAtOnce) {
    const Rows rows = read_rows(counting(5000).slice(1, 4000), range(0, 4000), true);
    for (std::size_t i = 0; i < 4000; ++i) {
        ASSERT_EQ(rows.inputs[2 * i], static_cast<float>(i + 1));
        ASSERT_EQ(rows.targets[i], 10.0F * static_cast<float>(i + 1));
        ASSERT_EQ(rows.weights[i], static_cast<float>(i + 1) / 100.0F);
    }
}

TEST(Dataset, ScalesInputsAndTargets) {
    const Dataset scaled = counting(5).scaled(FeatureScaling{{2, 1}, {1, 0}}, FeatureScaling{{0.1F}, {-1}});
    const Rows rows = read_rows(scaled, {3});
    EXPECT_THAT(rows.inputs, ElementsAre(7.0F, 3.5F));
    EXPECT_NEAR(rows.targets[0], 2.0F, 1e-6F);
    EXPECT_TRUE(scaled.slice(1, 2).target_scaling().has_value());
    EXPECT_THROW(counting(5).scaled(FeatureScaling{{1}, {0}}, {}), ShapeError);
}

TEST(Dataset, NamesTheFirstSampleWithAWrongLabel) {
    const Dataset data = counting(50).slice(10, 40);  // labels 100, 110, ...
    EXPECT_NO_THROW(data.check_labels(491, 0, 40));
    EXPECT_NO_THROW(data.check_labels(200, 0, 10));
    try {
        data.check_labels(200, 5, 30);
        FAIL() << "expected DataError";
    } catch (const DataError& error) {
        EXPECT_THAT(
            error.what(),
            HasSubstr("counting: sample 20: expected a label that is a whole number from 0 to 199, got 200"));
    }
    EXPECT_THROW(data.scaled({}, FeatureScaling{{1}, {0.5F}}).check_labels(1000, 0, 1), DataError)
        << "a fraction";
    EXPECT_THROW(data.scaled({}, FeatureScaling{{-1}, {0}}).check_labels(1000, 0, 1), DataError)
        << "negative";
}

}  // namespace
}  // namespace lockstep
