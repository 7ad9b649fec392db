#include <cmath>

#include <gmock/gmock.h>

#include <lockstep/core/error.h>
#include <lockstep/core/random.h>
#include <lockstep/data/array_source.h>
#include <lockstep/data/shared_statistics.h>

#include "mpi_test.h"

namespace lockstep {
namespace {

using testing::Pointwise;

constexpr std::size_t kSamples = 3001;  // several pieces on each rank, of unequal lengths
constexpr std::size_t kPositions = 2, kChannels = 3, kTargets = 2;

class SharedStatisticsTest : public MpiTest {
protected:
    void SetUp() override {
        inputs.resize(kSamples * kPositions * kChannels);
        targets.resize(kSamples * kTargets);
        RandomStream(1, Purpose::noise).normal(0, 0, inputs);
        RandomStream(2, Purpose::noise).normal(0, 0, targets);
        for (float& value : inputs) value = 100.0F + 3.0F * value;
    }

    Dataset data() const {
        return Dataset(
            std::make_shared<ArraySource>(ArraySource::Options{.inputs = inputs,
                                                               .targets = targets,
                                                               .input_shape = {kPositions, kChannels},
                                                               .target_shape = {kTargets}}));
    }

    /// In one walk over all values.
    static void expect_moments(const FeatureStatistics& statistics, const std::vector<float>& values,
                               std::size_t features) {
        const auto count = static_cast<double>(values.size() / features);
        const auto variances = statistics.variances();
        for (std::size_t feature = 0; feature < features; ++feature) {
            double mean = 0.0, squares = 0.0;
            for (std::size_t i = feature; i < values.size(); i += features) mean += values[i] / count;
            for (std::size_t i = feature; i < values.size(); i += features)
                squares += std::pow(values[i] - mean, 2);
            EXPECT_NEAR(statistics.means()[feature], mean, 1e-9);
            EXPECT_NEAR(variances[feature], squares / count, 1e-9);
        }
    }

    std::vector<float> inputs, targets;
};

TEST_F(SharedStatisticsTest, AreThoseOfAllSamplesOnEveryRank) {
    expect_moments(share_statistics(*session, data(), SamplePart::inputs, kPositions * kChannels), inputs,
                   kPositions * kChannels);
    expect_moments(share_statistics(*session, data(), SamplePart::inputs, kChannels), inputs, kChannels);
    expect_moments(share_statistics(*session, data(), SamplePart::inputs, 1), inputs, 1);
    expect_moments(share_statistics(*session, data(), SamplePart::targets, kTargets), targets, kTargets);
}

/// What one rank finds alone, to the bit.
TEST_F(SharedStatisticsTest, DoNotDependOnTheNumberOfRanks) {
    const auto together = share_statistics(*session, data(), SamplePart::inputs, kChannels).serialize();
    const Session alone;
    const auto single = share_statistics(alone, data(), SamplePart::inputs, kChannels).serialize();
    EXPECT_THAT(together, Pointwise(testing::Eq(), single));
}

TEST_F(SharedStatisticsTest, FewerSamplesThanRanks) {
    const auto statistics = share_statistics(*session, data().slice(7, 1), SamplePart::targets, kTargets);
    EXPECT_EQ(statistics.means()[1], static_cast<double>(targets[7 * kTargets + 1]));
    EXPECT_THAT(statistics.variances(), testing::Each(0.0));
}

}  // namespace
}  // namespace lockstep
