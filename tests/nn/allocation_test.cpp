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
    const auto hook = [&](std::size_t) {};

    const auto step = [&](std::uint64_t pass) {
        workspace.begin_pass(1, pass);
        const Matrix y = workspace.forward(workspace.inputs(), shards, true, hook);
        loss->compute(y, {targets.data(), 20, target_size}, weights, workspace.output_gradient());
        metric->update(y, {targets.data(), 20, target_size}, weights, state);
        workspace.backward(gradients, hook, hook);
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
