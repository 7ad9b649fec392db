#pragma once

#include <bit>
#include <cstddef>
#include <span>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/shard_rows.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

/// Sums gradients over shards along one binary tree: n shards are split at the largest power of two below n,
/// and a part without rows is skipped. Eight shards in one tree give the bits of two trees of four shards
/// each.
class GradientTree {
public:
    GradientTree() = default;
    /// `size`: the most gradients of one sum. Everything is allocated here.
    GradientTree(std::size_t size, std::size_t max_shards) {
        for (std::size_t level = 0; level < levels(max_shards); ++level) partials_.emplace_back(size);
    }

    /// What the constructor will allocate.
    static std::size_t floats_needed(std::size_t size, std::size_t max_shards) {
        return levels(max_shards) * size;
    }

    /// Writes the sum into `gradients`; `leaf(shard, to)` writes the gradients of one shard with rows into
    /// `to`. Returns false, and leaves `gradients` alone, if no shard has rows.
    template <typename Leaf>
    bool sum(std::span<const ShardRows> shards, std::span<float> gradients, Leaf&& leaf) {
        return !shards.empty() && sum_from(0, shards, gradients, leaf);
    }

private:
    static std::size_t levels(std::size_t max_shards) {
        return max_shards < 2 ? 0 : std::bit_width(max_shards - 1);
    }

    template <typename Leaf>
    bool sum_from(std::size_t level, std::span<const ShardRows> shards, std::span<float> gradients,
                  Leaf& leaf) {
        if (shards.size() == 1) {
            if (shards[0].count != 0) leaf(shards[0], gradients);
            return shards[0].count != 0;
        }
        const std::size_t split = std::bit_floor(shards.size() - 1);
        const auto right = shards.subspan(split);
        if (!sum_from(level + 1, shards.first(split), gradients, leaf))
            return sum_from(level + 1, right, gradients, leaf);
        const std::span<float> partial = partials_[level].span().first(gradients.size());
        if (sum_from(level + 1, right, partial, leaf)) math::add(gradients, partial, gradients);
        return true;
    }

    std::vector<AlignedBuffer<float>>
        partials_;  // one per level: of the right part, while the left one waits
};

}  // namespace lockstep
