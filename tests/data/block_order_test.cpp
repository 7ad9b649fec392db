#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/sample_order.h>

#include "counting_source.h"

namespace lockstep {
namespace {

std::vector<std::uint64_t> order_of(std::uint64_t size, const BlockShuffle& shuffle, std::uint64_t pass,
                                    std::uint64_t seed = 7) {
    const BlockOrder order(size, shuffle, seed, pass);
    std::vector<std::uint64_t> samples(size);
    for (std::uint64_t position = 0; position < size; ++position) samples[position] = order(position);
    return samples;
}

TEST(BlockOrder, VisitsEachSampleOnce) {
    for (const BlockShuffle shuffle :
         {BlockShuffle{.block = 1, .window = 1}, BlockShuffle{.block = 4, .window = 3},
          BlockShuffle{.block = 7, .window = 1}, BlockShuffle{.block = 100, .window = 2}})
        for (std::uint64_t size = 1; size <= 130; ++size)
            for (std::uint64_t pass = 0; pass < 4; ++pass) {
                auto samples = order_of(size, shuffle, pass);
                std::ranges::sort(samples);
                EXPECT_EQ(samples, range(0, size))
                    << size << " samples, block " << shuffle.block << ", window " << shuffle.window;
            }
}

TEST(BlockOrder, WindowsFollowEachOtherAndHoldWholeBlocks) {
    const BlockShuffle shuffle{.block = 8, .window = 4};
    for (std::uint64_t pass = 0; pass < 20; ++pass) {
        const BlockOrder order(203, shuffle, 7, pass);
        std::uint64_t number = 0;
        for (std::uint64_t first = 0; first < 203; ++number) {
            const BlockOrder::Window window = order.window_of(first);
            EXPECT_EQ(window.number, number);
            EXPECT_EQ(window.first, first);
            ASSERT_GT(window.count, 0U);
            EXPECT_EQ(order.window_of(window.end() - 1).number, number);
            std::map<std::uint64_t, int> blocks;
            for (std::uint64_t position = first; position < window.end(); ++position)
                ++blocks[order(position) / shuffle.block];
            EXPECT_EQ(blocks.size(), number < 6 ? 4U : 2U) << "26 blocks in windows of 4";
            for (const auto& [block, count] : blocks)
                EXPECT_EQ(count, block == 25 ? 3 : 8) << "block " << block;
            first = window.end();
        }
        EXPECT_EQ(number, 7U);
    }
}

TEST(BlockOrder, DiffersByPassAndBySeed) {
    const BlockShuffle shuffle{.block = 16, .window = 8};
    EXPECT_EQ(order_of(1000, shuffle, 3), order_of(1000, shuffle, 3));
    EXPECT_NE(order_of(1000, shuffle, 3), order_of(1000, shuffle, 4));
    EXPECT_NE(order_of(1000, shuffle, 3, 7), order_of(1000, shuffle, 3, 8));
}

TEST(BlockOrder, AnySampleMayComeFirst) {
    std::map<std::uint64_t, int> firsts;
    constexpr int kPasses = 11000;
    for (std::uint64_t pass = 0; pass < kPasses; ++pass)
        ++firsts[BlockOrder(11, {.block = 3, .window = 2}, 7, pass)(0)];
    // The block of the rest, {9, 10}, is as likely as the others to be in the first window.
    EXPECT_EQ(firsts.size(), 11U);
    for (const auto& [sample, count] : firsts) EXPECT_NEAR(count, kPasses / 11, 300) << sample;
}

TEST(BlockOrder, MixesNeighboursWithinTheWindow) {
    const auto samples = order_of(4096, {.block = 64, .window = 16}, 0);
    int adjacent = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) adjacent += samples[i] == samples[i - 1] + 1 ? 1 : 0;
    EXPECT_LT(adjacent, 20) << "four are expected by chance";
}

TEST(BlockOrder, MixesEachWindowInItsOwnWay) {
    const BlockShuffle shuffle{.block = 8, .window = 4};
    const auto samples = order_of(64, shuffle, 0);
    std::vector<std::uint64_t> first, second;  // places within the blocks
    for (std::size_t i = 0; i < 32; ++i) {
        first.push_back(samples[i] % shuffle.block);
        second.push_back(samples[32 + i] % shuffle.block);
    }
    EXPECT_NE(first, second);
}

TEST(SampleOrder, IsWhatTheShuffleSays) {
    const BlockShuffle blocks{.block = 4, .window = 2};
    const SampleOrder none(40, false, 7, 1), full(40, true, 7, 1), mixed(40, blocks, 7, 1);
    const Permutation permutation(40, 7, 1);
    const BlockOrder block_order(40, blocks, 7, 1);
    for (std::uint64_t position = 0; position < 40; ++position) {
        EXPECT_EQ(none(position), position);
        EXPECT_EQ(full(position), permutation(position));
        EXPECT_EQ(mixed(position), block_order(position));
    }
}

TEST(SampleOrder, RefusesEmptyBlocks) {
    EXPECT_THROW(check_shuffle(BlockShuffle{.block = 0, .window = 2}), ConfigError);
    EXPECT_THROW(check_shuffle(BlockShuffle{.block = 2, .window = 0}), ConfigError);
    EXPECT_NO_THROW(check_shuffle(false));
}

}  // namespace
}  // namespace lockstep
