// Batch normalization with sync = true inside of other layers: statistics of the whole batch all the same.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "layer_gradient.h"
#include "random_values.h"
#include "walk.h"

using namespace lockstep;
using testing::ElementsAre;

namespace {

constexpr std::size_t kRows = 12, kInputs = 6;

/// Layers of kInputs inputs with NORM where a batch normalization belongs.
const std::vector<std::string> kLayers{
    R"({"type": "residual", "activation": "tanh", "layers": [{"type": "dense", "units": 6}, NORM],
        "shortcut": [{"type": "dense", "units": 6}, NORM]})",
    R"({"type": "concatenate", "branches": [[NORM], [{"type": "dense", "units": 4}, NORM, "tanh"], []]})",
    R"({"type": "residual", "layers": [
        {"type": "residual", "activation": "tanh", "layers": [NORM, {"type": "dense", "units": 6}, NORM]},
        {"type": "dropout", "rate": 0.2}, {"type": "concatenate", "branches": [[NORM]]}]})"};

std::string with_norm(std::string layer, bool sync) {
    const std::string norm = R"({"type": "batch_normalization", "epsilon": 0.1, "sync": )" +
                             std::string(sync ? "true}" : "false}");
    for (auto at = layer.find("NORM"); at != std::string::npos; at = layer.find("NORM"))
        layer.replace(at, 4, norm);
    return layer;
}

/// The layer twice: only the second one is asked for dx.
Sequential make_model(const std::string& layer, bool sync) {
    const std::string inner = with_norm(layer, sync);
    Sequential model = Sequential::from_config(Config::from_json(
        R"({"input": [6], "layers": [)" + inner + R"(, {"type": "dense", "units": 6}, )" + inner + "]}"));
    model.build();
    return model;
}

struct WalkResult {
    std::vector<float> outputs, gradients;
};

/// One way there and back of the first of kRows samples, in shards of these sizes.
WalkResult walk_with_shards(Sequential& model, const std::vector<std::size_t>& sizes,
                            BatchSums* sums = nullptr) {
    std::vector<float> store(model.parameters().size);
    model.initialize(store, 3);
    const auto shards = walk::make_shards(sizes);
    const std::size_t rows = shards.back().first + shards.back().count;
    Workspace workspace(model, store, kRows, shards.size(), /*training=*/true, sums);
    auto inputs = random_values(kRows * kInputs, 5);
    for (float& value : inputs) value += 3.0F;  // far from the moving mean
    const Matrix y = workspace.forward({inputs.data(), rows, kInputs}, shards, true, {});
    WalkResult result{{y.data(), y.data() + y.size()}, std::vector<float>(store.size(), 99.0F)};
    const auto direction = random_values(kRows * y.columns(), 6);
    std::copy_n(direction.begin(), y.size(), workspace.output_gradient().data());
    workspace.backward(result.gradients, {}, {});
    return result;
}

class SyncInside : public testing::TestWithParam<std::string> {
protected:
    Sequential synchronized = make_model(GetParam(), true), own = make_model(GetParam(), false);
};

/// Over any shards, an empty one among them, as over one shard that is the batch.
TEST_P(SyncInside, TheBatchCounts) {
    const WalkResult whole = walk_with_shards(own, {kRows}),
                     shards = walk_with_shards(synchronized, {5, 0, 1, 6});
    for (std::size_t i = 0; i < whole.outputs.size(); ++i)
        EXPECT_NEAR(shards.outputs[i], whole.outputs[i], 2e-5F) << i;
    for (std::size_t i = 0; i < whole.gradients.size(); ++i)
        EXPECT_NEAR(shards.gradients[i], whole.gradients[i], 1e-4F * (1.0F + std::abs(whole.gradients[i])))
            << i;
    EXPECT_GT(std::abs(walk_with_shards(own, {5, 0, 1, 6}).outputs[0] - whole.outputs[0]), 0.01F);
}

TEST_P(SyncInside, GradientsOfTheBatchMatchCentralDifferences) {
    LayerWalk walk(make_layer(Config::from_json(with_norm(GetParam(), true))), {kInputs}, kRows);
    walk.shards = walk::make_shards({3, 0, 2, 7});
    walk.x = random_values(kRows * kInputs, 1);
    walk.dy = random_values(kRows * walk.outputs, 2);
    unsigned seed = 3;
    for (auto& weight : walk.weights) weight = random_values(weight.size(), seed++);
    LayerGradientCheck(walk).run();
}

TEST_P(SyncInside, HasNoStatisticsOfAShard) {
    EXPECT_FALSE(synchronized.has_shard_statistics());
    EXPECT_EQ(synchronized.batch_sums(), 1 + 2 * kInputs);
    EXPECT_TRUE(own.has_shard_statistics());
    EXPECT_EQ(own.batch_sums(), 0U);
}

/// How many numbers each sum was of.
class Recorder final : public BatchSums {
public:
    void add(std::span<const double> /*mine*/, std::span<double> sum) override {
        std::ranges::fill(sum, 1.0);
        sizes.push_back(sum.size());
    }
    std::vector<std::size_t> sizes;
};

/// Or the ranks would wait for each other for ever.
TEST_P(SyncInside, ARankWithoutRowsTakesPartInTheSums) {
    Recorder busy, idle, without_shards;
    walk_with_shards(synchronized, {5, 7}, &busy);
    const WalkResult nothing = walk_with_shards(synchronized, {0, 0}, &idle);
    EXPECT_EQ(idle.sizes, busy.sizes);
    EXPECT_GE(busy.sizes.size(), 8U);
    EXPECT_THAT(nothing.gradients, testing::Each(99.0F));
}

INSTANTIATE_TEST_SUITE_P(Layers, SyncInside, testing::ValuesIn(kLayers),
                         [](const auto& test) { return "number_" + std::to_string(test.index); });

}  // namespace
