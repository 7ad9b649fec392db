#include <algorithm>

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

/// What a batch should hold, and whether it does.
void expect_samples(const Batch& batch, std::uint64_t pass) {
    const BlockOrder order(kSamples, kShuffle, 7, pass);
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
    for (const std::size_t ranks : {1U, 2U, 3U, 4U})
        for (const std::uint64_t batch_size : {1U, 5U, 24U})
            for (std::size_t rank = 0; rank < ranks; ++rank) {
                BatchLoader loader(Dataset(std::make_shared<SlowSource>(kSamples)), BatchPlan(0, rank, ranks),
                                   options(batch_size));
                for (std::uint64_t pass = 3; pass < 5; ++pass)
                    for (std::uint64_t number = 0; number < loader.batches(); ++number) {
                        const Batch& batch = loader.get(pass, number);
                        if (!batch.shards.empty()) expect_samples(batch, pass);
                    }
            }
}

TEST(WindowReader, ReadsEachSampleOncePerPassInRisingRuns) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(8));
    for (std::uint64_t number = 0; number < loader.batches(); ++number) loader.get(0, number);
    const auto all = source->all_read();
    // The first window of the next pass was read ahead.
    EXPECT_EQ(all.size(), kSamples + BlockOrder(kSamples, kShuffle, 7, 1).window_of(0).count);
    auto first = all;
    first.resize(kSamples);
    std::ranges::sort(first);
    EXPECT_EQ(first, range(0, kSamples));
    for (const auto& call : source->calls) EXPECT_TRUE(std::ranges::is_sorted(call));
}

TEST(WindowReader, RanksShareTheReading) {
    constexpr std::uint64_t kEven = 256;  // eight windows of four batches
    std::vector<std::uint64_t> all;
    for (std::size_t rank = 0; rank < 3; ++rank) {
        const auto source = std::make_shared<SlowSource>(kEven);
        BatchLoader loader(Dataset(source), BatchPlan(0, rank, 3), options(8));
        for (std::uint64_t number = 0; number < 28; ++number) loader.get(0, number);
        for (const std::uint64_t sample : source->all_read()) all.push_back(sample);
    }
    std::ranges::sort(all);
    EXPECT_EQ(all, range(0, kEven)) << "up to the last window, which was read ahead";
}

TEST(WindowReader, ReadsAheadALittleWithEveryBatch) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(4));
    loader.get(0, 0);
    const std::uint64_t window = BlockOrder(kSamples, kShuffle, 7, 0).window_of(0).count;
    std::uint64_t before = source->all_read().size();
    EXPECT_GE(before, window);
    EXPECT_LE(before, window + 5) << "the window, and an eighth of the next";
    for (std::uint64_t number = 1; number < 20; ++number) {
        loader.get(0, number);
        const std::uint64_t now = source->all_read().size();
        EXPECT_LE(now - before, 10U) << "batch " << number;
        before = now;
    }
}

TEST(WindowReader, ABatchInTheMiddleNeedsNothingBeforeIt) {
    BatchLoader loader(Dataset(std::make_shared<SlowSource>(kSamples)), BatchPlan(1, 0, 1), options(8));
    for (const auto& [pass, number] :
         {std::pair{2U, 17U}, {2U, 3U}, {0U, 25U}, {1U, 0U}, {2U, 17U}, {2U, 18U}})
        expect_samples(loader.get(pass, number), pass);
}

TEST(WindowReader, LargeBatchesAreReadDirectly) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(64));
    expect_samples(loader.get(0, 1), 0);
    EXPECT_EQ(source->all_read().size(), 64U);
}

TEST(WindowReader, GoesOnAfterAnError) {
    const auto source = std::make_shared<SlowSource>(kSamples);
    source->poison(BlockOrder(kSamples, kShuffle, 7, 0)(3));
    BatchLoader loader(Dataset(source), BatchPlan(1, 0, 1), options(8));
    EXPECT_THROW(loader.get(0, 0), DataError);
    source->poison(kSamples);
    for (std::uint64_t number = 0; number < 10; ++number) expect_samples(loader.get(0, number), 0);
}

}  // namespace
}  // namespace lockstep
