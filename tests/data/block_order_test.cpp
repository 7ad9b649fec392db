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

constexpr std::uint64_t kOneStrand = 1;  // batch size

std::vector<std::uint64_t> order_of(std::uint64_t size, const BlockShuffle& shuffle, std::uint64_t pass,
                                    std::uint64_t seed = 7, std::uint64_t batch_size = kOneStrand) {
    const BlockOrder order(size, shuffle, batch_size, seed, pass);
    std::vector<std::uint64_t> samples(size);
    for (std::uint64_t position = 0; position < size; ++position) samples[position] = order(position);
    return samples;
}

TEST(BlockOrder, VisitsEachSampleOnce) {
    for (const BlockShuffle shuffle :
         {BlockShuffle{.block = 1, .window = 1}, BlockShuffle{.block = 4, .window = 3},
          BlockShuffle{.block = 7, .window = 1}, BlockShuffle{.block = 100, .window = 2}})
        for (std::uint64_t size = 1; size <= 130; ++size)
            for (const std::uint64_t batch_size : {1U, 8U, 10U, 200U})
                for (std::uint64_t pass = 0; pass < 4; ++pass) {
                    auto samples = order_of(size, shuffle, pass, 7, batch_size);
                    std::ranges::sort(samples);
                    EXPECT_EQ(samples, range(0, size))
                        << size << " samples, block " << shuffle.block << ", window " << shuffle.window
                        << ", batches of " << batch_size;
                }
}

TEST(BlockOrder, WindowsFollowEachOtherAndHoldWholeBlocks) {
    const BlockShuffle shuffle{.block = 8, .window = 4};
    for (std::uint64_t pass = 0; pass < 20; ++pass) {
        const BlockOrder order(203, shuffle, kOneStrand, 7, pass);
        std::uint64_t number = 0;
        for (std::uint64_t first = 0; first < 203; ++number) {
            const BlockOrder::Range window = order.window_of(order.place_of(first));
            EXPECT_EQ(window.first, first);
            ASSERT_GT(window.count, 0U);
            EXPECT_EQ(order.window_of(order.place_of(window.end() - 1)), window);
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
        ++firsts[BlockOrder(11, {.block = 3, .window = 2}, kOneStrand, 7, pass)(0)];
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

/// The samples that each strand takes in a pass: strand k of n samples is [floor(k n / strands), floor((k +
/// 1) n / strands)).
std::vector<std::vector<std::uint64_t>> by_strand(const std::vector<std::uint64_t>& order,
                                                  std::uint64_t batch_size, std::uint64_t strands) {
    std::vector<std::vector<std::uint64_t>> samples(strands);
    for (std::uint64_t first = 0; first < order.size(); first += batch_size) {
        const std::uint64_t n = std::min(batch_size, order.size() - first);
        for (std::uint64_t k = 0; k < strands; ++k)
            for (std::uint64_t row = k * n / strands; row < (k + 1) * n / strands; ++row)
                samples[k].push_back(order[first + row]);
    }
    return samples;
}

struct Cut {
    std::uint64_t window, batch_size, strands;
};

TEST(BlockOrder, StrandsHaveBlocksOfTheirOwn) {
    constexpr std::uint64_t kBlock = 8;
    for (const Cut cut : {Cut{4, 16, 4}, Cut{6, 16, 4}, Cut{8, 10, 8}, Cut{64, 30, 16}})
        for (const std::uint64_t size : {1024U, 1021U}) {
            const auto order = order_of(size, {.block = kBlock, .window = cut.window}, 3, 7, cut.batch_size);
            std::uint64_t blocks = 0;
            for (const auto& samples : by_strand(order, cut.batch_size, cut.strands)) {
                std::set<std::uint64_t> of_strand;
                for (const std::uint64_t sample : samples) of_strand.insert(sample / kBlock);
                blocks += of_strand.size();
            }
            EXPECT_LE(blocks, 128 + cut.strands - 1) << "one more where a strand's part ends within a block";
        }
}

TEST(BlockOrder, StrandsShareOutTheWindow) {
    const auto order = order_of(4096, {.block = 8, .window = 16}, 0, 7, 4);
    const auto of_strand = by_strand(order, 4, 4)[1];  // it begins at the beginning of a block
    std::map<std::uint64_t, int> blocks;
    for (std::size_t i = 0; i < 32; ++i) ++blocks[of_strand[i] / 8];
    EXPECT_EQ(blocks.size(), 4U) << "a quarter of the window";
    for (const auto& [block, count] : blocks) EXPECT_EQ(count, 8) << "block " << block;
    EXPECT_FALSE(blocks.contains(of_strand[32] / 8)) << "the next window";
}

TEST(BlockOrder, AWindowHoldsWhatItsPositionsDraw) {
    const BlockOrder order(203, {.block = 8, .window = 7}, 10, 7, 2);
    std::map<std::uint64_t, std::vector<std::uint64_t>> drawn;  // by the first place of the window
    for (std::uint64_t position = 0; position < 203; ++position) {
        const BlockOrder::Range window = order.window_of(order.place_of(position));
        EXPECT_LE(window.count, order.most_in_window());
        drawn[window.first].push_back(order(position));
    }
    for (const auto& [first, samples] : drawn) {
        std::vector<std::uint64_t> expected;
        for (std::uint64_t place = first; place < first + samples.size(); ++place)
            expected.push_back(order.sequence()(place));
        EXPECT_THAT(samples, testing::UnorderedElementsAreArray(expected));
    }
}

TEST(BlockOrder, RunsOfPlacesEndWithTheStrand) {
    const BlockOrder order(40, {.block = 4, .window = 4}, 16, 7, 0);
    EXPECT_EQ(order.strands(), 4U);
    for (std::uint64_t position = 0; position < 40; ++position) {
        const BlockOrder::Place place = order.place_of(position);
        const std::uint64_t rows = position < 32 ? 4 : 2;  // the last batch has eight samples
        EXPECT_EQ(place.strand, position % 16 / rows);
        EXPECT_EQ(place.run, rows - position % rows);
        for (std::uint64_t i = 1; i < place.run; ++i)
            EXPECT_EQ(order.place_of(position + i).place, place.place + i);
    }
}

TEST(SampleOrder, IsWhatTheShuffleSays) {
    const BlockShuffle blocks{.block = 4, .window = 2};
    const SampleOrder none(40, false, 8, 7, 1), full(40, true, 8, 7, 1), mixed(40, blocks, 8, 7, 1);
    const Permutation permutation(40, 7, 1);
    const BlockOrder block_order(40, blocks, 8, 7, 1);
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
