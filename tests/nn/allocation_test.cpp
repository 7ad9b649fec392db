// A step allocates nothing after the first one.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "allocation_counter.h"
#include "walk.h"

using namespace lockstep;
using test::allocations_of_this_thread;

namespace {

class Allocation : public testing::TestWithParam<const char*> {};

const auto kNoHook = [](std::size_t) {};

TEST(AllocationCount, SeesAllocations) {
    const std::size_t before = allocations_of_this_thread();
    const std::vector<float> memory(10);
    const AlignedBuffer<float> aligned(10);
    EXPECT_EQ(allocations_of_this_thread() - before, 2U);
}

TEST_P(Allocation, NoneInASecondStep) {
    Sequential model = walk::make_model();
    const auto store = walk::make_store(model);
    std::vector<float> gradients(store.size());
    Workspace workspace(model, store, 20, 4, true);
    const auto loss = make_loss(GetParam());
    const auto metric = make_metric("accuracy");
    metric->build(model.output_shape(), loss->target_shape(model.output_shape()));
    const std::size_t target_size = loss->target_shape(model.output_shape()).size();
    const std::vector<float> targets(20 * target_size, 1.0F), weights(20, 0.5F);
    std::vector<double> state(metric->state_size());
    const auto shards = walk::make_shards({5, 5, 5, 5});
    const auto step = [&](std::uint64_t pass) {
        workspace.begin_pass(1, pass);
        const Matrix y = workspace.forward(workspace.inputs(), shards, true, kNoHook);
        loss->compute(y, {targets.data(), 20, target_size}, weights, workspace.output_gradient());
        metric->update(y, {targets.data(), 20, target_size}, weights, state);
        workspace.backward(gradients, kNoHook, kNoHook);
    };
    step(0);
    const std::size_t before = allocations_of_this_thread();
    step(1);
    EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

TEST(AllocationOfComposites, NoneInASecondStep) {
    Sequential model = Sequential::from_config(Config::from_json(R"({"input": [4, 3, 2], "layers": [
        {"type": "residual", "activation": "silu", "layers": [
            {"type": "conv2d", "filters": 5, "kernel_size": 3, "padding": "same"}, "batch_normalization",
            {"type": "batch_normalization", "sync": true},
            {"type": "dropout", "rate": 0.3}], "shortcut": [{"type": "conv2d", "filters": 5, "kernel_size": 1}]},
        {"type": "concatenate", "branches": [[], [{"type": "residual", "layers": ["tanh"]}],
            [{"type": "max_pooling2d", "pool_size": 3, "strides": 1, "padding": "same"}]]},
        {"type": "dense", "units": 2}]})"));
    model.build();
    const auto store = walk::make_store(model);
    std::vector<float> gradients(store.size());
    Workspace workspace(model, store, 20, 4, true);
    const auto shards = walk::make_shards({5, 5, 5, 5});
    const auto step = [&](std::uint64_t pass) {
        workspace.begin_pass(1, pass);
        workspace.forward(workspace.inputs(), shards, true, kNoHook);
        workspace.backward(gradients, kNoHook, kNoHook);
    };
    step(0);
    const std::size_t before = allocations_of_this_thread();
    step(1);
    EXPECT_EQ(allocations_of_this_thread() - before, 0U);
}

INSTANTIATE_TEST_SUITE_P(Losses, Allocation,
                         testing::Values("sparse_categorical_crossentropy", "categorical_crossentropy",
                                         "binary_crossentropy", "mse", "mae"));

}  // namespace
