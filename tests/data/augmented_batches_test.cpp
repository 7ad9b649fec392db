#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/data/array_source.h>
#include <lockstep/data/augmentation_chain.h>
#include <lockstep/data/batch_loader.h>

#include "allocation_counter.h"
#include "counting_source.h"

namespace lockstep {
namespace {

constexpr std::uint64_t kSamples = 23;
const Shape kStored{4, 4, 2};

const std::vector<Config>& augmentation() {
    static const std::vector<Config> list{
        Config::from_json(R"({"type": "random_crop", "height": 3, "width": 3, "padding": 1})"),
        Config::from_json(R"({"type": "random_flip", "mode": "horizontal"})"),
        Config::from_json(R"({"type": "random_rotation", "factor": 0.1})"),
        Config::from_json(R"({"type": "gaussian_noise", "stddev": 0.1})")};
    return list;
}

Dataset images() {
    std::vector<float> inputs(kSamples * kStored.size()), targets(kSamples);
    std::iota(inputs.begin(), inputs.end(), 0.0F);
    std::iota(targets.begin(), targets.end(), 0.0F);
    return Dataset(std::make_shared<ArraySource>(
        ArraySource::Options{.inputs = inputs, .targets = targets, .input_shape = kStored}));
}

BatchLoader::Options options(const Shuffle& shuffle) {
    return {.batch_size = 5, .shuffle = shuffle, .seed = 3, .augmentation = augmentation()};
}

/// The inputs of a pass by position, gathered from all ranks.
std::map<std::uint64_t, std::vector<float>> inputs_of(std::uint64_t pass, std::size_t ranks,
                                                      const Shuffle& shuffle) {
    std::map<std::uint64_t, std::vector<float>> rows;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        BatchLoader loader(images(), BatchPlan(0, rank, ranks), options(shuffle));
        for (std::uint64_t number = 0; number < loader.batches(); ++number) {
            const Batch& batch = loader.get(pass, number);
            for (std::size_t row = 0; row < batch.inputs.rows(); ++row) {
                EXPECT_EQ(batch.targets.row(row)[0], static_cast<float>(batch.indices[row]));
                const auto values = batch.inputs.row(row);
                rows[batch.shards[0].position + row].assign(values.begin(), values.end());
            }
        }
    }
    return rows;
}

TEST(AugmentedBatches, AreWhatTheChainMakesOfEachSample) {
    AugmentationChain chain(augmentation(), kStored);
    chain.begin_pass(3, 2);
    const SampleOrder order(kSamples, true, 1, 3, 2);
    const auto rows = inputs_of(2, 1, true);
    ASSERT_EQ(rows.size(), kSamples);
    for (const auto& [position, values] : rows) {
        const Rows stored = read_rows(images(), {order(position)});
        std::vector<float> expected(chain.output_shape().size());
        chain.apply(position, stored.inputs, expected);
        EXPECT_EQ(values, expected) << position;
    }
}

TEST(AugmentedBatches, AreTheSameOnAnyNumberOfRanks) {
    for (const Shuffle& shuffle :
         {Shuffle(false), Shuffle(true), Shuffle(BlockShuffle{.block = 4, .window = 2})}) {
        const auto alone = inputs_of(1, 1, shuffle);
        for (std::size_t ranks = 2; ranks <= 4; ++ranks)
            EXPECT_EQ(inputs_of(1, ranks, shuffle), alone) << ranks;
    }
}

TEST(AugmentedBatches, DifferInEachPassEvenWithoutShuffling) {
    BatchLoader loader(images(), BatchPlan(1, 0, 1), options(false));
    const Batch& first = loader.get(0, 0);
    const std::vector<float> before(first.inputs.values().begin(), first.inputs.values().end());
    const Batch& again = loader.get(1, 0);
    EXPECT_NE(std::vector<float>(again.inputs.values().begin(), again.inputs.values().end()), before);
}

TEST(AugmentedBatches, AllocateNothing) {
    BatchLoader loader(images(), BatchPlan(1, 0, 1), options(true));
    const std::size_t before = test::allocations_of_this_thread();
    for (std::uint64_t number = 0; number < loader.batches(); ++number) loader.get(0, number);
    loader.get(1, 0);
    EXPECT_EQ(test::allocations_of_this_thread(), before);
}

TEST(AugmentedBatches, RefuseWhatMakesNoSense) {
    EXPECT_THROW(BatchLoader(images(), BatchPlan(1, 0, 1), {.augmentation = {"random_flop"}}), ConfigError);
    EXPECT_THROW(BatchLoader(images(), BatchPlan(1, 0, 1), {.shuffle = BlockShuffle{.block = 0}}),
                 ConfigError);
}

}  // namespace
}  // namespace lockstep
