#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/batch_normalization.h>
#include <lockstep/nn/layers/group_normalization.h>
#include <lockstep/nn/layers/layer_normalization.h>
#include <lockstep/nn/sequential.h>

#include "layer_walk.h"
#include "walk.h"

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

struct WalkResult {
    std::vector<float> outputs, gradients;
};

/// One way there and back of a batch of 12 samples in shards of these sizes. The values lie about 50, far
/// from the moving mean.
WalkResult walk_with_shards(bool sync, const std::vector<std::size_t>& sizes) {
    Sequential model({2, 3});
    model.add<BatchNormalization>({.epsilon = 1e-3, .sync = sync}, "first");
    model.add<Flatten>();
    model.add<Dense>({.units = 4, .activation = "tanh"});
    model.add<BatchNormalization>({.sync = sync}, "second");
    model.build();
    std::vector<float> store(model.parameters().size);
    model.initialize(store, 3);
    const auto shards = walk::make_shards(sizes);
    Workspace workspace(model, store, 12, shards.size(), /*training=*/true);
    auto inputs = random_values(12 * 6, 5);
    for (float& value : inputs) value += 50.0F;
    const Matrix outputs = workspace.forward({inputs.data(), 12, 6}, shards, true, {});
    WalkResult result{{outputs.data(), outputs.data() + outputs.size()}, std::vector<float>(store.size())};
    std::ranges::copy(random_values(12 * 4, 6), workspace.output_gradient().data());
    workspace.backward(result.gradients, {}, {});
    return result;
}

/// Over any shards, an empty one among them, as over one shard that is the batch.
TEST(BatchNormalization, WithSyncTheBatchCounts) {
    const WalkResult whole = walk_with_shards(false, {12}), shards = walk_with_shards(true, {5, 0, 1, 6});
    for (std::size_t i = 0; i < whole.outputs.size(); ++i)
        EXPECT_NEAR(shards.outputs[i], whole.outputs[i], 2e-5F) << i;
    for (std::size_t i = 0; i < whole.gradients.size(); ++i)
        EXPECT_NEAR(shards.gradients[i], whole.gradients[i], 2e-5F * (1.0F + std::abs(whole.gradients[i])))
            << i;
    EXPECT_GT(std::abs(walk_with_shards(false, {5, 0, 1, 6}).outputs[0] - whole.outputs[0]), 0.01F);
}

TEST(BatchNormalization, WithSyncHasNoStatisticsOfAShard) {
    BatchNormalization layer({.sync = true});
    layer.build({2, 3});
    EXPECT_FALSE(layer.has_shard_statistics());
    EXPECT_EQ(layer.batch_sums(), 7U);
    EXPECT_TRUE(layer.config().get<bool>("sync"));
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
