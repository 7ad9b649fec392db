#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/adding_problem_source.h>

#include "counting_source.h"

namespace lockstep {
namespace {

constexpr std::size_t kSamples = 4000;

/// The pairs of one sample.
std::span<const float> pairs_of(const Rows& rows, std::size_t sample, std::size_t length) {
    return std::span<const float>(rows.inputs).subspan(2 * length * sample, 2 * length);
}

TEST(AddingProblemSource, TheTargetIsTheSumOfTheMarkedNumbers) {
    constexpr std::size_t kLength = 11;
    const AddingProblemSource source({.samples = kSamples, .length = kLength});
    EXPECT_EQ(source.input_shape(), (Shape{kLength, 2}));
    const Rows rows = read_rows(source, range(0, kSamples));
    std::set<std::size_t> marked;
    for (std::size_t i = 0; i < kSamples; ++i) {
        const auto pairs = pairs_of(rows, i, kLength);
        float sum = 0.0F;
        std::vector<std::size_t> steps;
        for (std::size_t step = 0; step < kLength; ++step) {
            ASSERT_GE(pairs[2 * step], 0.0F);
            ASSERT_LT(pairs[2 * step], 1.0F);
            if (pairs[2 * step + 1] == 0.0F) continue;
            ASSERT_EQ(pairs[2 * step + 1], 1.0F);
            steps.push_back(step);
            sum += pairs[2 * step];
        }
        ASSERT_EQ(steps.size(), 2U);
        EXPECT_LT(steps[0], kLength / 2);
        EXPECT_GE(steps[1], kLength / 2);
        EXPECT_EQ(rows.targets[i], sum);
        marked.insert(steps.begin(), steps.end());
    }
    EXPECT_EQ(marked.size(), kLength) << "every step can be marked";
}

TEST(AddingProblemSource, TheMeanOfTheTargetsIsOneAndTheirVarianceASixth) {
    const Rows rows = read_rows(AddingProblemSource({.samples = kSamples}), range(0, kSamples));
    double sum = 0.0, squares = 0.0;
    for (const float target : rows.targets) {
        sum += double{target};
        squares += (double{target} - 1.0) * (double{target} - 1.0);
    }
    EXPECT_NEAR(sum / kSamples, 1.0, 0.026);             // four standard deviations
    EXPECT_NEAR(squares / kSamples, 1.0 / 6.0, 0.0125);  // likewise: the square's is 0.197
}

TEST(AddingProblemSource, StreamsAndSeedsDiffer) {
    const auto first = [](const AddingProblemSource::Options& options) {
        return read_rows(AddingProblemSource(options), {0}).inputs;
    };
    EXPECT_NE(first({.samples = 5, .stream = 1}), first({.samples = 5}));
    EXPECT_NE(first({.samples = 5, .seed = 1}), first({.samples = 5}));
    EXPECT_EQ(first({.samples = 9}), first({.samples = 5}));
}

TEST(AddingProblemSource, RejectsASequenceWithoutTwoSteps) {
    EXPECT_THROW(AddingProblemSource({.samples = 1, .length = 1}), ConfigError);
}

}  // namespace
}  // namespace lockstep
