#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/batch_normalization.h>
#include <lockstep/nn/layers/group_normalization.h>
#include <lockstep/nn/layers/layer_normalization.h>

#include "layer_walk.h"

using namespace lockstep;
using testing::Each;
using testing::ElementsAre;

namespace {

TEST(BatchNormalization, MovingStatisticsAreRunningAverages) {
    BatchNormalization layer({.momentum = 0.8, .center = false});
    layer.build({2, 3});
    const auto specs = layer.weights();
    ASSERT_EQ(specs.size(), 3U);
    EXPECT_EQ(specs[0].name, "gamma");
    EXPECT_EQ(specs[0].rule, WeightRule::optimizer);
    for (const std::size_t i : {1U, 2U}) {
        EXPECT_EQ(specs[i].rule, WeightRule::running_average);
        EXPECT_EQ(specs[i].momentum, 0.8);
        EXPECT_EQ(specs[i].shape, Shape({3}));
    }
    EXPECT_EQ(specs[1].initializer->type(), "zeros");
    EXPECT_EQ(specs[2].initializer->type(), "ones");
    EXPECT_TRUE(layer.has_shard_statistics());
}

/// Of one value the variance is 0: y is beta, and the moving variance follows 0, not NaN.
TEST(BatchNormalization, OfOneRow) {
    LayerWalk walk(std::make_unique<BatchNormalization>(BatchNormalization::Options{}), {2}, 1);
    walk.weights = {{2.0F, 3.0F}, {5.0F, 6.0F}, {0.0F, 0.0F}, {1.0F, 1.0F}};
    walk.x = {7.0F, -8.0F};
    walk.dy = {1.0F, 1.0F};
    walk.forward();
    walk.backward();
    EXPECT_THAT(walk.y, ElementsAre(5.0F, 6.0F));
    EXPECT_THAT(walk.dx, Each(0.0F));
    EXPECT_THAT(walk.gradients[2], ElementsAre(7.0F, -8.0F));
    EXPECT_THAT(walk.gradients[3], Each(0.0F));
}

/// A long sum in floats would lose the mean: 300000 values around 1000.
TEST(BatchNormalization, OfManyPositions) {
    constexpr std::size_t kPositions = 300000;
    LayerWalk walk(std::make_unique<BatchNormalization>(
                       BatchNormalization::Options{.epsilon = 1e-12, .center = false, .scale = false}),
                   {kPositions, 1}, 1);
    for (std::size_t i = 0; i < kPositions; ++i) walk.x.push_back(i % 3 == 0 ? 998.0F : 1001.0F);
    walk.forward();
    EXPECT_NEAR(walk.y[0], -std::sqrt(2.0), 1e-5);
    EXPECT_NEAR(walk.y[1], std::sqrt(0.5), 1e-5);
}

TEST(GroupNormalization, OfAsManyGroupsAsDivideTheChannels) {
    GroupNormalization layer({.groups = 4});
    EXPECT_THROW(layer.build({3, 6}), ShapeError);
    EXPECT_EQ(layer.build({3, 8}), Shape({3, 8}));
    EXPECT_THROW(GroupNormalization({.groups = 0}), ConfigError);
    EXPECT_THROW(GroupNormalization({.groups = -2}), ConfigError);
}

TEST(Normalization, ChecksItsOptions) {
    EXPECT_THROW(BatchNormalization({.momentum = 1.5}), ConfigError);
    EXPECT_THROW(BatchNormalization({.epsilon = 0.0}), ConfigError);
    EXPECT_THROW(LayerNormalization({.epsilon = -1.0}), ConfigError);
    EXPECT_THROW(LayerNormalization({.gamma = {.initializer = "one"}}), ConfigError);
    EXPECT_THROW(LayerNormalization({}).build({}), ShapeError);
}

}  // namespace
