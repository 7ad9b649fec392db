#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/batch_plan.h>

namespace lockstep {
namespace {

using Range = BatchPlan::Range;
using testing::ElementsAre;

std::vector<Range> samples_of_all(const BatchPlan& plan, std::uint64_t samples) {
    std::vector<Range> ranges;
    for (std::size_t shard = 0; shard < plan.shards(samples); ++shard)
        ranges.push_back(plan.samples_of(shard, samples));
    return ranges;
}

TEST(BatchPlan, KnownShards) {
    const BatchPlan plan(4, 0, 1);
    EXPECT_THAT(samples_of_all(plan, 10), ElementsAre(Range{0, 2}, Range{2, 3}, Range{5, 2}, Range{7, 3}));
    EXPECT_THAT(samples_of_all(plan, 3), ElementsAre(Range{0, 1}, Range{1, 2}));
    EXPECT_THAT(samples_of_all(plan, 1), ElementsAre(Range{0, 1}));
}

TEST(ElasticShards, AreOnePerRankWhereTheyDoNotFit) {
    EXPECT_EQ(elastic_shards(8, 4), 8U);
    EXPECT_EQ(elastic_shards(8, 3), 0U);
    EXPECT_EQ(elastic_shards(2, 4), 0U);
    EXPECT_EQ(elastic_shards(0, 4), 0U);
}

TEST(BatchPlan, NumberOfShardsIsAPowerOfTwoThatLeavesEachEnoughSamples) {
    EXPECT_EQ(BatchPlan(12, 0, 3).shards(100), 8U);
    EXPECT_EQ(BatchPlan(8, 0, 2).shards(7), 4U);
    EXPECT_EQ(BatchPlan(8, 0, 2, 8).shards(64), 8U);
    EXPECT_EQ(BatchPlan(8, 0, 2, 8).shards(63), 4U);
    EXPECT_EQ(BatchPlan(8, 0, 2, 8).shards(5), 1U);
    EXPECT_EQ(BatchPlan(0, 0, 3, 8).shards(5), 3U) << "without shards: one per rank";
}

TEST(BatchPlan, RanksOwnConsecutiveShards) {
    const BatchPlan plan(8, 1, 3);
    EXPECT_EQ(plan.shards_of(0, 80), (Range{0, 2}));
    EXPECT_EQ(plan.shards_of(1, 80), (Range{2, 3}));
    EXPECT_EQ(plan.shards_of(2, 80), (Range{5, 3}));
    EXPECT_EQ(plan.my_shards(80), (Range{2, 3}));
}

TEST(BatchPlan, MineGivesRowsAndPlacesInThePass) {
    std::vector<ShardRows> shards;
    EXPECT_EQ(BatchPlan(4, 1, 2).mine(100, 10, shards), (Range{5, 5}));
    ASSERT_EQ(shards.size(), 2U);
    EXPECT_EQ(shards[0].first, 0U);
    EXPECT_EQ(shards[0].count, 2U);
    EXPECT_EQ(shards[0].position, 105U);
    EXPECT_EQ(shards[1].first, 2U);
    EXPECT_EQ(shards[1].count, 3U);
    EXPECT_EQ(shards[1].position, 107U);
}

TEST(BatchPlan, MoreRanksThanShardsLeavesSomeWithoutSamples) {
    std::vector<ShardRows> shards;
    EXPECT_EQ(BatchPlan(2, 0, 4).mine(0, 10, shards).count, 0U);
    EXPECT_TRUE(shards.empty());
    EXPECT_EQ(BatchPlan(2, 1, 4).mine(0, 10, shards), (Range{0, 5}));
}

/// Each (shards, samples): what all ranks of a world have, as one list.
struct World {
    std::vector<std::uint64_t> samples;                           // in the order of ranks and rows
    std::vector<std::pair<std::uint64_t, std::uint64_t>> shards;  // first position and count
};

World walk(std::size_t shards, std::size_t ranks, std::uint64_t samples) {
    World world;
    std::vector<ShardRows> own;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        const BatchPlan plan(shards, rank, ranks);
        const Range mine = plan.mine(0, samples, own);
        EXPECT_LE(mine.count, plan.most_rows(samples));
        EXPECT_LE(mine.count, plan.most_rows(samples + 1)) << "also as a smaller batch";
        EXPECT_LE(own.size(), plan.most_shards());
        std::uint64_t rows = 0;
        for (const ShardRows& shard : own) {
            EXPECT_EQ(shard.first, rows);
            rows += shard.count;
            world.shards.emplace_back(shard.position, shard.count);
        }
        EXPECT_EQ(rows, mine.count);
        for (std::uint64_t i = 0; i < mine.count; ++i) world.samples.push_back(mine.first + i);
    }
    return world;
}

TEST(BatchPlan, EverySampleOnceAndTheSameShardsOnAnyNumberOfRanks) {
    for (const std::size_t shards : {0U, 1U, 2U, 4U, 6U, 8U, 12U}) {
        for (std::uint64_t samples = 1; samples <= 40; ++samples) {
            const World alone = walk(shards, 1, samples);
            for (std::size_t ranks = 1; ranks <= 5; ++ranks) {
                SCOPED_TRACE(testing::Message()
                             << shards << " shards, " << samples << " samples, " << ranks << " ranks");
                const World world = walk(shards, ranks, samples);
                ASSERT_EQ(world.samples.size(), samples);
                for (std::uint64_t i = 0; i < samples; ++i) ASSERT_EQ(world.samples[i], i);
                if (shards > 0) {
                    ASSERT_EQ(world.shards, alone.shards);
                }
            }
        }
    }
}

TEST(BatchPlan, RejectsARankOutsideOfTheWorld) {
    EXPECT_THROW(BatchPlan(1, 2, 2), ConfigError);
    EXPECT_THROW(BatchPlan(1, 0, 1, 0), ConfigError);
}

}  // namespace
}  // namespace lockstep
