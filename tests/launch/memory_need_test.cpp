#include "memory_need.h"

#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/launch/job_file.h>

#include "job_parts.h"

namespace lockstep {
namespace {

const char* const kJob = R"(
[data]
source = "friedman"
train = { samples = 100 }
[model]
input = [10]
layers = [{ type = "dense", units = 16 }, { type = "dense", units = 1 }]
[training]
loss = "mean_squared_error"
optimizer = { type = "adam", use_ema = true }
batch_size = 24
shards = 4
)";

MemoryNeed need_of(int ranks) {
    const Job job = read_job(parse_toml(kJob, "job.toml"), "job.toml");
    return memory_need(job, build_model(job), ranks);
}

TEST(MemoryNeed, CountsWhatLiesOnANode) {
    // Weights in cache lines: 10 x 16, 16, 16 and 1.
    constexpr std::size_t kStore = (160 + 16 + 16 + 16) * sizeof(float);
    const MemoryNeed two = need_of(2);
    EXPECT_EQ(two.weights, kStore);
    EXPECT_EQ(two.slots, 3 * kStore);  // of adam, and the running average
    EXPECT_EQ(two.gradients, 2 * kStore);
    EXPECT_EQ(two.rows, 12U);
    EXPECT_EQ(two.batches, 2 * 12 * (10 + 1) * sizeof(float));
    // 10 inputs, 16 and 1 outputs, and two buffers for their gradients; a tree of two shards.
    EXPECT_EQ(two.activations, (12 * (10 + 16 + 1 + 2 * 16) + (160 + 16)) * sizeof(float));
    EXPECT_EQ(two.of_node(), 6 * kStore + 2 * (two.batches + two.activations));
}

TEST(MemoryNeed, MoreRanksShareTheBatchNotTheGradients) {
    const MemoryNeed one = need_of(1), four = need_of(4);
    EXPECT_EQ(one.rows, 24U);
    EXPECT_EQ(four.rows, 6U);
    EXPECT_EQ(four.gradients, 4 * one.gradients);
    EXPECT_EQ(four.weights, one.weights);
    EXPECT_LT(four.of_rank(), one.of_rank());
}

TEST(MemoryNeed, IsToldInUnitsThatFit) {
    EXPECT_EQ(size_text(340'000), "340.0 kB");
    EXPECT_EQ(size_text(1'500'000), "1.5 MB");
    EXPECT_EQ(size_text(2'000'000'000), "2.0 GB");
}

}  // namespace
}  // namespace lockstep
