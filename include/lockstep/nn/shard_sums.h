#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <lockstep/core/shard_rows.h>
#include <lockstep/core/slot_tree.h>
#include <lockstep/nn/batch_sums.h>
#include <lockstep/nn/gradient_tree.h>

namespace lockstep {

/// Sums over the shards of a batch, and the memory for them: of gradients, over the shards of this rank; of
/// numbers that a layer needs to go on, over the shards of all ranks. For one layer at a time.
class ShardSums {
public:
    /// The most of a layer, and of a batch on this rank.
    struct Sizes {
        std::size_t shards = 0;
        std::size_t gradients = 0;  // padding included; 0: there is no backward pass
        std::size_t weights = 0;
        std::size_t numbers = 0;
    };

    /// Everything is allocated here. `over_ranks`: null: the shards of this rank are all.
    ShardSums(const Sizes& most, BatchSums* over_ranks)
        : tree_(most.gradients, most.shards),
          spans_(most.weights),
          over_ranks_(over_ranks),
          own_(most.shards, most.numbers),
          by_shard_(most.shards * most.numbers),
          total_(most.numbers) {}

    /// work(shard, gradients) is called for each shard with rows, to overwrite one span per weight. Their sum
    /// lands in `sum`, laid out like `weights`, padding 0; without rows `sum` is left alone.
    template <typename Work>
    void gradients(std::span<const ShardRows> shards, std::span<const std::span<const float>> weights,
                   std::span<float> sum, Work&& work) {
        const auto leaf = [&](const ShardRows& shard, std::span<float> to) {
            work(shard, split(weights, to));
        };
        if (!weights.empty()) {
            tree_.sum(shards, sum, leaf);
            return;
        }
        for (const ShardRows& shard : shards)
            if (shard.count != 0) leaf(shard, {});
    }

    /// What shards add to some numbers; valid until the next layer's.
    struct Numbers {
        std::span<const double> by_shard;  // of this rank's, one behind the other
        std::span<const double> total;     // of all shards, on all ranks
    };

    /// Collective. measure(shard, numbers) is called for each shard with rows, to overwrite its `count`
    /// numbers; the others add nothing.
    template <typename Measure>
    Numbers numbers(std::span<const ShardRows> shards, std::size_t count, Measure&& measure) {
        const auto mine = std::span(by_shard_).first(shards.size() * count);
        const auto total = std::span(total_).first(count);
        std::ranges::fill(mine, 0.0);
        for (std::size_t i = 0; i < shards.size(); ++i)
            if (shards[i].count != 0) measure(shards[i], mine.subspan(i * count, count));
        if (over_ranks_ != nullptr)
            over_ranks_->add(mine, total);
        else
            own_.add(mine, total);
        return {mine, total};
    }

private:
    /// One span per weight; what lies between them is set to 0.
    std::span<const std::span<float>> split(std::span<const std::span<const float>> weights,
                                            std::span<float> gradients);

    GradientTree tree_;
    std::vector<std::span<float>> spans_;  // of the gradients of a shard
    BatchSums* over_ranks_;
    SlotTree own_;  // in its place
    std::vector<double> by_shard_, total_;
};

}  // namespace lockstep
