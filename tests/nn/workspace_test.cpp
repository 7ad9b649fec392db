#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>

#include "walk.h"

using namespace lockstep;
using testing::Each;

namespace {

std::vector<float> add(std::vector<float> a, const std::vector<float>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
}

void expect_near(const std::vector<float>& actual, const std::vector<float>& expected, float tolerance) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], tolerance) << i;
}

TEST(Workspace, ShardsGiveTheGradientOfTheWhole) {
    Sequential model = walk::make_model();
    const auto whole = walk::gradients(model, {8});
    EXPECT_GT(*std::ranges::max_element(whole), 0.1F);
    expect_near(walk::gradients(model, {2, 2, 2, 2}), whole, 1e-5F);
    expect_near(walk::gradients(model, {3, 3, 2}), whole, 1e-5F);
}

TEST(Workspace, FourShardsAreTheBitsOfTwoTimesTwo) {
    Sequential model = walk::make_model();
    const auto four = walk::gradients(model, {5, 7, 6, 6});
    EXPECT_EQ(four, add(walk::gradients(model, {5, 7}), walk::gradients(model, {6, 6}, 12)));
    // Another tree has other bits, so the comparison above says something.
    const auto one_by_one = add(add(walk::gradients(model, {5, 7}), walk::gradients(model, {6}, 12)),
                                walk::gradients(model, {6}, 18));
    EXPECT_NE(four, one_by_one);
}

TEST(Workspace, OddTreesSplitAtThePowerOfTwoBelow) {
    Sequential model = walk::make_model();
    EXPECT_EQ(walk::gradients(model, {4, 4, 4, 4, 4}),
              add(walk::gradients(model, {4, 4, 4, 4}), walk::gradients(model, {4}, 16)));
    EXPECT_EQ(walk::gradients(model, {4, 4, 4}),
              add(walk::gradients(model, {4, 4}), walk::gradients(model, {4}, 8)));
}

TEST(Workspace, EmptyShardsAreSkipped) {
    Sequential model = walk::make_model();
    EXPECT_EQ(walk::gradients(model, {0, 4, 0, 0}), walk::gradients(model, {4}));
    EXPECT_EQ(walk::gradients(model, {0, 4, 0, 5}),
              add(walk::gradients(model, {4}), walk::gradients(model, {5}, 4)));
    EXPECT_EQ(walk::gradients(model, {4, 0, 5, 0, 0}), walk::gradients(model, {0, 4, 0, 5}));
}

TEST(Workspace, GradientsMatchCentralDifferences) {
    Sequential model = walk::make_model();
    std::vector<float> store = walk::make_store(model);
    constexpr std::size_t kRows = 6;
    Workspace workspace(model, store, kRows, 2, true);
    workspace.begin_pass(1, 2);
    const auto inputs = random_values(kRows * walk::kInputs, 5),
               direction = random_values(kRows * walk::kOutputs, 6);
    const auto shards = walk::make_shards({3, 3});
    const auto value = [&] {
        const Matrix y = workspace.forward({inputs.data(), kRows, walk::kInputs}, shards, true, {});
        double sum = 0.0;
        for (std::size_t i = 0; i < y.size(); ++i)
            sum += static_cast<double>(direction[i]) * static_cast<double>(y.values()[i]);
        return sum;
    };
    const auto gradients = walk::gradients(model, {3, 3});
    for (const Parameter& parameter : model.parameters().parameters)
        for (std::size_t i = parameter.offset; i < parameter.offset + parameter.size; i += 7) {
            const float middle = store[i];
            store[i] = middle + 1e-2F;
            const double above = value();
            store[i] = middle - 1e-2F;
            const double below = value();
            store[i] = middle;
            EXPECT_NEAR(static_cast<double>(gradients[i]), (above - below) / 2e-2, 1e-3) << parameter.path();
        }
}

TEST(Workspace, InferenceGivesTheOutputsOfTraining) {
    Sequential model = walk::make_model(/*dropout_rate=*/0.0);
    const auto store = walk::make_store(model);
    const auto inputs = random_values(6 * walk::kInputs, 5);
    const auto shards = walk::make_shards({6});
    Workspace training(model, store, 6, 1, true), inference(model, store, 6, 1, false);
    const ConstMatrix x(inputs.data(), 6, walk::kInputs);
    const auto a = training.forward(x, shards, true, {}).values();
    const auto b = inference.forward(x, shards, false, {}).values();
    EXPECT_EQ(std::vector<float>(a.begin(), a.end()), std::vector<float>(b.begin(), b.end()));
}

/// The order in which a walk calls its hooks: "f0 f1 f2 b2 d2 ..." (forward, before backward, done).
std::string hooks_of(Workspace& workspace, ConstMatrix inputs, const std::vector<ShardRows>& shards,
                     std::vector<float>& gradients) {
    std::string calls;
    const auto note = [&calls](char kind) {
        return
            [&calls, kind](std::size_t group) { calls += std::string(" ") + kind + std::to_string(group); };
    };
    workspace.forward(inputs, shards, true, note('f'));
    std::ranges::fill(workspace.output_gradient().values(), 1.0F);
    workspace.backward(gradients, note('b'), note('d'));
    return calls;
}

TEST(Workspace, CallsHooksInOrderAlsoWithoutRows) {
    Sequential model = walk::make_model();
    const auto store = walk::make_store(model);
    Workspace workspace(model, store, 4, 2, true);
    const std::string expected = " f0 f1 f2 b2 d2 b1 d1 b0 d0";
    std::vector<float> gradients(store.size(), 99.0F);
    const auto nothing = workspace.inputs().rows(0, 0);
    EXPECT_EQ(hooks_of(workspace, nothing, walk::make_shards({0, 0}), gradients), expected);
    EXPECT_THAT(gradients, Each(99.0F));
    EXPECT_EQ(hooks_of(workspace, nothing, {}, gradients), expected);
    EXPECT_EQ(hooks_of(workspace, workspace.inputs(), walk::make_shards({2, 2}), gradients), expected);
    EXPECT_EQ(gradients[walk::kInputs * 33], 0.0F);  // padding
}

TEST(Workspace, TellsTheBytesThatItNeeds) {
    // Floats per sample: 12 inputs, then 33, 33 (dropout), 20 and 4 outputs; views have none. The largest
    // group is 33 x 20 + 20, each part filled up to 16.
    const Sequential model = walk::make_model();
    constexpr std::size_t kRows = 10, kOutputs = 33 + 33 + 20 + 4, kGroup = 672 + 32;
    EXPECT_EQ(Workspace::bytes_needed(model, kRows, 1, true),
              sizeof(float) * kRows * (12 + kOutputs + 2 * 33));
    EXPECT_EQ(Workspace::bytes_needed(model, kRows, 5, true),
              sizeof(float) * (kRows * (12 + kOutputs + 2 * 33) + 3 * kGroup));
    EXPECT_EQ(Workspace::bytes_needed(model, kRows, 5, false), sizeof(float) * kRows * (12 + 33 + 33));
}

TEST(Workspace, TellsTheBytesOfLayersInside) {
    Sequential model = Sequential::from_config(Config::from_json(R"({"input": [4], "layers": [
        {"type": "residual", "layers": [{"type": "dense", "units": 6}, "tanh", {"type": "dense", "units": 4}]}]})"));
    model.build();
    // Floats per sample: 4 inputs, 4 outputs, 6 + 6 + 4 outputs inside; their gradients 6 + 6, of a way 4,
    // and of its inputs 4; two buffers for gradients between layers.
    EXPECT_EQ(Workspace::bytes_needed(model, 10, 1, true),
              sizeof(float) * 10 * (4 + 4 + 16 + (12 + 4 + 4) + 2 * 4));
}

TEST(Workspace, RejectsMoreThanItHasMemoryFor) {
    Sequential model = walk::make_model();
    const auto store = walk::make_store(model);
    Workspace workspace(model, store, 4, 2, true);
    const std::vector<float> inputs(5 * walk::kInputs);
    EXPECT_THROW(workspace.forward({inputs.data(), 5, walk::kInputs}, walk::make_shards({5}), true, {}),
                 ShapeError);
    EXPECT_THROW(workspace.forward({inputs.data(), 3, walk::kInputs}, walk::make_shards({1, 1, 1}), true, {}),
                 ShapeError);
    EXPECT_THROW(workspace.forward({inputs.data(), 4, 5}, walk::make_shards({4}), true, {}), ShapeError);
}

}  // namespace
