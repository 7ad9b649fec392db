// Counts every allocation of this program, so that a step can be shown to make none.
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include <lockstep/nn/registry.h>

#include "walk.h"

namespace {

std::atomic<long> allocations{0};

void* count_and_allocate(std::size_t size, std::size_t alignment) {
    ++allocations;
    void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

}  // namespace

void* operator new(std::size_t size) {
    return count_and_allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return count_and_allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

using namespace lockstep;

namespace {

class Allocation : public testing::TestWithParam<const char*> {};

TEST(AllocationCount, SeesAllocations) {
    const long before = allocations;
    const std::vector<float> memory(10);
    const AlignedBuffer<float> aligned(10);
    EXPECT_EQ(allocations - before, 2);
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
    const long before = allocations;
    step(1);
    EXPECT_EQ(allocations - before, 0);
}

INSTANTIATE_TEST_SUITE_P(Losses, Allocation,
                         testing::Values("sparse_categorical_crossentropy", "categorical_crossentropy",
                                         "binary_crossentropy", "mse", "mae"));

}  // namespace
