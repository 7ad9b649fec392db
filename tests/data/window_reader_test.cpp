#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/data/batch_loader.h>

#include "counting_source.h"

namespace lockstep {
namespace {

/// A source in a file, so to speak, that remembers how it was read.
class SlowSource final : public Source {
public:
    explicit SlowSource(std::uint64_t samples) : samples_(samples) {}

    std::uint64_t size() const override { return samples_.size(); }
    const Shape& input_shape() const override { return samples_.input_shape(); }
    const Shape& target_shape() const override { return samples_.target_shape(); }
    bool has_weights() const override { return true; }
    bool may_block() const override { return true; }
    std::string describe() const override { return "slow"; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override {
        samples_.read(indices, out);
        calls.emplace_back(indices.begin(), indices.end());
    }
    void poison(std::uint64_t sample) { samples_.poison = sample; }
    std::vector<std::uint64_t> all_read() const {
        std::vector<std::uint64_t> all;
        for (const auto& call : calls) all.insert(all.end(), call.begin(), call.end());
        return all;
    }

    mutable std::vector<std::vector<std::uint64_t>> calls;

private:
    CountingSource samples_;
};

constexpr std::uint64_t kSamples = 203;
constexpr BlockShuffle kShuffle{.block = 8, .window = 4};

BatchLoader::Options options(std::uint64_t batch_size) {
    return {.batch_size = batch_size, .shuffle = kShuffle, .seed = 7};
}

BlockOrder order_of(std::uint64_t pass, std::uint64_t batch_size) {
    return {kSamples, kShuffle, batch_size, 7, pass};
}

/// Samples of the first window of a pass with one strand.
std::uint64_t first_window(std::uint64_t pass) {
    const BlockOrder order = order_of(pass, 1);
    return order.window_of(order.place_of(0)).count;
}

/// What a batch should hold, and whether it does.
void expect_samples(const Batch& batch, std::uint64_t pass, std::uint64_t batch_size) {
    const BlockOrder order = order_of(pass, batch_size);
    for (std::size_t row = 0; row < batch.indices.size(); ++row) {
        const std::uint64_t position = batch.shards[0].position + row;
        const auto sample = static_cast<float>(order(position));
        EXPECT_EQ(batch.indices[row], order(position));
        EXPECT_EQ(batch.inputs.row(row)[1], sample + 0.5F);
        EXPECT_EQ(batch.targets.row(row)[0], 10.0F * sample);
        EXPECT_EQ(batch.weights[row], sample / 100.0F);
    }
}

TEST(WindowReader, BatchesHoldWhatTheOrderSays) {
    for (const std::size_t shards : {0U, 4U, 32U})
        for (const std::size_t ranks : {1U, 2U, 3U, 4U})
            for (const std::uint64_t batch_size : {1U, 5U, 24U, 32U})
                for (std::size_t rank = 0; rank < ranks; ++rank) {
                    const BatchPlan plan(shards, rank, ranks);
                    BatchLoader loader(Dataset(std::make_shared<SlowSource>(kSamples)), plan,
                                       options(batch_size));
                    for (std::uint64_t pass = 3; pass < 5; ++pass)
                        for (std::uint64_t number = 0; number < loader.batches(); ++number) {
                            const Batch& batch = loader.get(pass, number);
                            if (!batch.shards.empty()) expect_samples(batch, pass, batch_size);
                        }
                }
}

TEST(WindowReader, ReadsEachSampleOncePerPassInRisingRuns) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(1));
    for (std::uint64_t number = 0; number < loader.batches(); ++number) loader.get(0, number);
    const auto all = source->all_read();
    // Of the next pass no more than the first window was read ahead.
    ASSERT_GE(all.size(), kSamples);
    EXPECT_LE(all.size(), kSamples + first_window(1));
    auto first = all;
    first.resize(kSamples);
    std::ranges::sort(first);
    EXPECT_EQ(first, range(0, kSamples));
    for (const auto& call : source->calls) EXPECT_TRUE(std::ranges::is_sorted(call));
}

std::map<std::uint64_t, int> counted(const std::vector<std::uint64_t>& samples) {
    std::map<std::uint64_t, int> counts;
    for (const std::uint64_t sample : samples) ++counts[sample];
    return counts;
}

void append(const BlockOrder& order, const BlockOrder::Range& range, std::vector<std::uint64_t>& samples) {
    for (std::uint64_t place = range.first; place < range.end(); ++place)
        samples.push_back(order.sequence()(place));
}

/// Each rank reads what its strands draw from, once, and may read ahead of the next pass.
TEST(WindowReader, RanksShareTheReading) {
    constexpr std::uint64_t kEven = 208, kStrands = 4;  // 26 batches
    for (const std::size_t ranks : {1U, 2U, 4U})
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            const auto source = std::make_shared<SlowSource>(kEven);
            BatchLoader loader(Dataset(source), BatchPlan(0, rank, ranks), options(8));
            for (std::uint64_t number = 0; number < loader.batches(); ++number) loader.get(0, number);

            const BlockOrder order(kEven, kShuffle, 8, 7, 0), next(kEven, kShuffle, 8, 7, 1);
            std::vector<std::uint64_t> expected, ahead;
            for (std::uint64_t strand = rank * kStrands / ranks; strand < (rank + 1) * kStrands / ranks;
                 ++strand) {
                append(order, order.part_of(strand), expected);
                append(next, next.window_of({.strand = strand, .place = next.part_of(strand).first}), ahead);
            }
            auto wanted = counted(expected), allowed = counted(ahead);
            for (const auto& [sample, times] : counted(source->all_read())) {
                EXPECT_GE(times, wanted[sample]) << "sample " << sample;
                EXPECT_LE(times, wanted[sample] + allowed[sample]) << "sample " << sample;
                wanted.erase(sample);
            }
            EXPECT_TRUE(wanted.empty()) << "rank " << rank << " of " << ranks;
        }
}

constexpr std::uint64_t kMany = 2048;

/// Whoever keeps the unpacked samples of one block at hand unpacks each block once.
TEST(WindowReader, ReadsOneBlockAfterTheOther) {
    for (const BlockShuffle shuffle :
         {BlockShuffle{.block = 32, .window = 16}, BlockShuffle{.block = 8, .window = 64}}) {
        const auto source = std::make_shared<SlowSource>(kMany);
        auto wide = options(16);  // as many strands
        wide.shuffle = shuffle;
        BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), wide);
        loader.get(0, 0);
        source->calls.clear();
        for (std::uint64_t number = 1; number < loader.batches(); ++number) {
            const std::size_t before = source->all_read().size();
            loader.get(0, number);
            EXPECT_LE(source->all_read().size() - before, 16U) << "batch " << number;
        }
        const auto all = source->all_read();
        std::size_t changes = 0;
        for (std::size_t i = 1; i < all.size(); ++i)
            if (all[i] / shuffle.block != all[i - 1] / shuffle.block) ++changes;
        EXPECT_LE(changes, all.size() / shuffle.block + 1);
    }
}

TEST(WindowReader, ReadsNothingTwiceInAPass) {
    constexpr std::uint64_t kUneven = 2045;
    for (const std::size_t ranks : {1U, 2U, 4U})
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            const auto source = std::make_shared<SlowSource>(kUneven);
            auto wide = options(16);
            wide.shuffle = BlockShuffle{.block = 8, .window = 64};
            BatchLoader loader(Dataset(source), BatchPlan(4, rank, ranks), wide);
            for (std::uint64_t pass = 0; pass < 3; ++pass)
                for (std::uint64_t number = 0; number < loader.batches(); ++number) loader.get(pass, number);
            const std::size_t ahead = 512 / ranks, last_batches = 3 * 13;
            EXPECT_LE(source->all_read().size(), 3 * (kUneven / ranks + 1) + ahead + last_batches);
        }
}

TEST(WindowReader, ReadsAheadALittleWithEveryBatch) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(1));
    loader.get(0, 0);
    const std::uint64_t window = first_window(0);
    std::uint64_t before = source->all_read().size();
    EXPECT_GE(before, window);
    EXPECT_LE(before, window + 2) << "the window, and a 32nd of the next";
    for (std::uint64_t number = 1; number < 100; ++number) {
        loader.get(0, number);
        const std::uint64_t now = source->all_read().size();
        EXPECT_LE(now - before, 3U) << "batch " << number;
        before = now;
    }
}

TEST(WindowReader, ABatchInTheMiddleNeedsNothingBeforeIt) {
    BatchLoader loader(Dataset(std::make_shared<SlowSource>(kSamples)), BatchPlan(1, 0, 1), options(8));
    for (const auto& [pass, number] :
         {std::pair{2U, 17U}, {2U, 3U}, {0U, 25U}, {1U, 0U}, {2U, 17U}, {2U, 18U}})
        expect_samples(loader.get(pass, number), pass, 8);
}

TEST(WindowReader, LargeBatchesAreReadDirectly) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(64));
    expect_samples(loader.get(0, 1), 0, 64);
    EXPECT_EQ(source->all_read().size(), 64U);
}

TEST(WindowReader, GoesOnAfterAnError) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    source->poison(order_of(0, 8)(3));
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(8));
    EXPECT_THROW(loader.get(0, 0), DataError);
    source->poison(kSamples);
    for (std::uint64_t number = 0; number < 10; ++number) expect_samples(loader.get(0, number), 0, 8);
}

}  // namespace
}  // namespace lockstep
