#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/permutation.h>
#include <lockstep/data/batch_loader.h>

#include "counting_source.h"

namespace lockstep {
namespace {

using testing::ElementsAre;

Dataset counting(std::uint64_t samples) {
    return Dataset(std::make_shared<CountingSource>(samples));
}

class BatchLoaderTest : public testing::TestWithParam<bool> {
protected:
    BatchLoader::Options options(std::uint64_t batch_size, bool shuffle) const {
        return {.batch_size = batch_size,
                .shuffle = shuffle,
                .seed = 7,
                .targets = true,
                .read_ahead = GetParam()};
    }
};

INSTANTIATE_TEST_SUITE_P(Threads, BatchLoaderTest, testing::Values(false, true),
                         [](const auto& chosen) { return chosen.param ? "ReadAhead" : "Synchronous"; });

/// The samples of each global batch of a pass, gathered from all ranks.
std::vector<std::vector<std::uint64_t>> global_batches(std::uint64_t samples, std::size_t shards,
                                                       std::size_t ranks, const BatchLoader::Options& options,
                                                       std::uint64_t pass) {
    std::vector<std::vector<std::uint64_t>> batches;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        BatchLoader loader(counting(samples), BatchPlan(shards, rank, ranks), options);
        batches.resize(loader.batches());
        for (std::uint64_t number = 0; number < loader.batches(); ++number) {
            const Batch& batch = loader.get(pass, number);
            EXPECT_EQ(batch.number, number);
            EXPECT_EQ(batch.inputs.rows(), batch.indices.size());
            EXPECT_EQ(batch.shards.size(), BatchPlan(shards, rank, ranks).my_shards(batch.samples).count);
            for (std::size_t row = 0; row < batch.indices.size(); ++row) {
                EXPECT_EQ(batch.inputs.row(row)[1], static_cast<float>(batch.indices[row]) + 0.5F);
                EXPECT_EQ(batch.targets.row(row)[0], 10.0F * static_cast<float>(batch.indices[row]));
                EXPECT_EQ(batch.weights[row], static_cast<float>(batch.indices[row]) / 100.0F);
            }
            batches[number].insert(batches[number].end(), batch.indices.begin(), batch.indices.end());
        }
    }
    return batches;
}

TEST_P(BatchLoaderTest, WithoutShufflingTheOrderIsThatOfTheDataAndTheLastBatchIsSmaller) {
    EXPECT_THAT(global_batches(7, 1, 1, options(3, false), 5),
                ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4, 5), ElementsAre(6)));
}

TEST_P(BatchLoaderTest, GlobalBatchesAreTheSameOnAnyNumberOfRanks) {
    const auto alone = global_batches(37, 4, 1, options(8, true), 2);
    for (std::size_t ranks = 2; ranks <= 5; ++ranks)
        EXPECT_EQ(global_batches(37, 4, ranks, options(8, true), 2), alone) << ranks << " ranks";
}

TEST_P(BatchLoaderTest, APassVisitsEverySampleOnceInAnOrderOfItsOwn) {
    std::set<std::vector<std::uint64_t>> orders;
    for (std::uint64_t pass = 0; pass < 3; ++pass) {
        std::vector<std::uint64_t> order;
        for (const auto& batch : global_batches(37, 0, 3, options(8, true), pass))
            order.insert(order.end(), batch.begin(), batch.end());
        EXPECT_THAT(order, testing::UnorderedElementsAreArray(range(0, 37)));
        orders.insert(order);
    }
    EXPECT_EQ(orders.size(), 3U);
}

TEST_P(BatchLoaderTest, OrderIsThatOfThePermutation) {
    BatchLoader loader(counting(20), BatchPlan(1, 0, 1), options(6, true));
    const Permutation order(20, 7, 3);
    const Batch& batch = loader.get(3, 2);
    EXPECT_EQ(batch.position, 12U);
    EXPECT_THAT(batch.indices, ElementsAre(order(12), order(13), order(14), order(15), order(16), order(17)));
}

TEST_P(BatchLoaderTest, ARankMayHaveNoRows) {
    BatchLoader loader(counting(5), BatchPlan(0, 0, 4), options(2, false));
    const Batch& batch = loader.get(0, 0);
    EXPECT_EQ(batch.samples, 2U);
    EXPECT_EQ(batch.inputs.rows(), 0U);
    EXPECT_EQ(batch.all_shards, 2U);
    EXPECT_TRUE(batch.shards.empty());
}

TEST_P(BatchLoaderTest, BatchesMayBeAskedForInAnyOrder) {
    BatchLoader loader(counting(10), BatchPlan(1, 0, 1), options(4, false));
    for (const std::uint64_t number : {2U, 0U, 1U, 1U, 0U, 2U})
        EXPECT_EQ(loader.get(0, number).inputs.row(0)[0], 4.0F * static_cast<float>(number));
    EXPECT_EQ(loader.get(1, 0).inputs.row(0)[0], 0.0F) << "the next pass";
}

TEST_P(BatchLoaderTest, WhatTheSourceThrowsComesOutOfGetAndTheLoaderGoesOn) {
    const auto source = std::make_shared<CountingSource>(10);
    source->poison = 5;
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(4, false));
    loader.get(0, 0);
    try {
        loader.get(0, 1);
        FAIL() << "expected DataError";
    } catch (const DataError& error) {
        EXPECT_STREQ(error.what(), "sample 5 is poisoned");
    }
    EXPECT_EQ(loader.get(0, 2).inputs.row(0)[0], 8.0F);
    source->poison = 100;
    EXPECT_EQ(loader.get(0, 1).inputs.row(1)[0], 5.0F);
}

TEST_P(BatchLoaderTest, LoadersOnPartsOfOneSourceWorkAtTheSameTime) {
    const Dataset::Parts parts = counting(60).split(0.5);
    BatchLoader first(parts.first, BatchPlan(1, 0, 1), options(4, true));
    BatchLoader last(parts.last, BatchPlan(1, 0, 1), options(4, false));
    for (std::uint64_t number = 0; number < 7; ++number) {
        EXPECT_EQ(last.get(0, number).inputs.row(0)[0], 30.0F + 4.0F * static_cast<float>(number));
        const Batch& batch = first.get(0, number);
        EXPECT_EQ(batch.inputs.row(0)[0], static_cast<float>(batch.indices[0]));
    }
}

TEST(BatchLoader, ReadsNoTargetsUnlessWanted) {
    BatchLoader loader(counting(4), BatchPlan(1, 0, 1), {.batch_size = 4, .targets = false});
    const Batch& batch = loader.get(0, 0);
    EXPECT_TRUE(batch.targets.empty());
    EXPECT_TRUE(batch.weights.empty());
}

TEST(BatchLoader, OnlyTheThreadReadsBeforeItIsAsked) {
    const auto source = std::make_shared<CountingSource>(8);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), {.batch_size = 4});
    loader.get(0, 0);
    EXPECT_EQ(source->reads, 4U);
    loader.get(0, 0);
    EXPECT_EQ(source->reads, 4U) << "the same batch again is still there";
}

TEST(BatchLoader, RejectsEmptyBatches) {
    EXPECT_THROW(BatchLoader(counting(4), BatchPlan(1, 0, 1), {.batch_size = 0}), ConfigError);
}

}  // namespace
}  // namespace lockstep
