#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/friedman_source.h>

#include "counting_source.h"

namespace lockstep {
namespace {

double expected_response(std::span<const float> x) {
    return 10 * std::sin(std::numbers::pi * double{x[0]} * double{x[1]}) +
           20 * std::pow(double{x[2]} - 0.5, 2) + 10 * double{x[3]} + 5 * double{x[4]};
}

TEST(FriedmanSource, IsTheFormulaWithNoiseOfTheGivenSize) {
    constexpr std::size_t kSamples = 4000;
    const FriedmanSource source({.samples = kSamples, .features = 7, .noise = 0.5});
    EXPECT_EQ(source.input_shape(), Shape{7});
    const Rows rows = read_rows(source, range(0, kSamples));
    double sum = 0.0, squares = 0.0, inputs = 0.0;
    for (std::size_t i = 0; i < kSamples; ++i) {
        const auto x = std::span<const float>(rows.inputs).subspan(7 * i, 7);
        for (const float value : x) {
            ASSERT_GE(value, 0.0F);
            ASSERT_LT(value, 1.0F);
        }
        const double noise = double{rows.targets[i]} - expected_response(x);
        sum += noise;
        squares += noise * noise;
        inputs += double{x[6]};
    }
    EXPECT_NEAR(sum / kSamples, 0.0, 0.03);
    EXPECT_NEAR(std::sqrt(squares / kSamples), 0.5, 0.03);
    EXPECT_NEAR(inputs / kSamples, 0.5, 0.03);
}

TEST(FriedmanSource, WithoutNoiseScaledInputsLeaveTheTargetAlone) {
    const FriedmanSource plain({.samples = 10, .noise = 0.0});
    const FriedmanSource scaled({.samples = 10, .noise = 0.0, .scale = 2.0F});
    const Rows a = read_rows(plain, {4});
    const Rows b = read_rows(scaled, {4});
    EXPECT_NEAR(a.targets[0], expected_response(a.inputs), 1e-5);
    EXPECT_EQ(a.targets, b.targets);
    EXPECT_EQ(2.0F * a.inputs[9], b.inputs[9]);
}

TEST(FriedmanSource, StreamsAndSeedsDiffer) {
    const Rows rows = read_rows(FriedmanSource({.samples = 5}), {0});
    EXPECT_NE(read_rows(FriedmanSource({.samples = 5, .stream = 1}), {0}).inputs, rows.inputs);
    EXPECT_NE(read_rows(FriedmanSource({.samples = 5, .seed = 1}), {0}).inputs, rows.inputs);
    EXPECT_EQ(read_rows(FriedmanSource({.samples = 9}), {0}).inputs, rows.inputs);
}

TEST(FriedmanSource, RejectsTooFewFeatures) {
    EXPECT_THROW(FriedmanSource({.samples = 1, .features = 4}), ConfigError);
    EXPECT_THROW(FriedmanSource({.samples = 1, .noise = -1.0}), ConfigError);
}

}  // namespace
}  // namespace lockstep
