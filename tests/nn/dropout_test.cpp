#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/dropout.h>

#include "random_values.h"

using namespace lockstep;

namespace {

constexpr std::size_t kFeatures = 1000;

Dropout make_dropout(double rate) {
    Dropout layer({.rate = rate});
    layer.build({kFeatures});
    layer.reserve(8);
    return layer;
}

/// What rows at `position`, `position` + 1, ... of ones become.
std::vector<float> drop(Dropout& layer, std::size_t rows, std::uint64_t position, bool training = true,
                        std::uint64_t pass = 0) {
    const std::vector<float> x(rows * kFeatures, 1.0F);
    std::vector<float> y(x.size(), 99.0F);
    layer.forward({.training = training,
                   .random = {5, Purpose::dropout, 0, pass},
                   .position = position,
                   .weights = {},
                   .saved = {}},
                  {x.data(), rows, kFeatures}, {y.data(), rows, kFeatures});
    return y;
}

TEST(Dropout, DropsItsRateAndScalesTheRest) {
    Dropout layer = make_dropout(0.25);
    const auto y = drop(layer, 8, 0);
    const auto dropped = std::count(y.begin(), y.end(), 0.0F);
    EXPECT_NEAR(static_cast<double>(dropped), 0.25 * 8 * kFeatures, 120.0);  // three sigma
    EXPECT_EQ(std::count(y.begin(), y.end(), 1.0F / 0.75F), 8 * static_cast<long>(kFeatures) - dropped);
}

TEST(Dropout, DoesNotDependOnHowABatchIsSplit) {
    Dropout layer = make_dropout(0.5);
    const auto whole = drop(layer, 4, 100);
    auto parts = drop(layer, 1, 100);
    const auto rest = drop(layer, 3, 101);
    parts.insert(parts.end(), rest.begin(), rest.end());
    EXPECT_EQ(whole, parts);
}

TEST(Dropout, DiffersBetweenSamplesAndPasses) {
    Dropout layer = make_dropout(0.5);
    EXPECT_NE(drop(layer, 1, 100), drop(layer, 1, 101));
    EXPECT_NE(drop(layer, 1, 100), drop(layer, 1, 100, true, /*pass=*/1));
}

TEST(Dropout, LeavesInferenceAndRateZeroAlone) {
    Dropout half = make_dropout(0.5), none = make_dropout(0.0);
    const std::vector<float> ones(2 * kFeatures, 1.0F);
    EXPECT_EQ(drop(half, 2, 0, /*training=*/false), ones);
    EXPECT_EQ(drop(none, 2, 0), ones);
}

TEST(Dropout, RejectsOtherRates) {
    EXPECT_THROW(Dropout({.rate = 1.0}), ConfigError);
    EXPECT_THROW(Dropout({.rate = -0.1}), ConfigError);
}

}  // namespace
