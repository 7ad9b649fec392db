#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <lockstep/core/shard_rows.h>

namespace lockstep {

/// Throws ConfigError that lists numbers of ranks that can, if `shards` (0: one per rank) cannot be spread
/// evenly over `ranks`.
void check_shards(std::size_t shards, int ranks);

/// `shards` if they can be spread evenly over `ranks`, else 0: one per rank.
std::size_t elastic_shards(std::size_t shards, int ranks);

/// Which samples of a global batch are whose. With `shards` given, the shards are a function of the number of
/// samples and of `shards`, never of the number of ranks: shard k of n samples in S shards is
/// [floor(k n / S), floor((k + 1) n / S)), and rank r of P has the shards [floor(r S / P),
/// floor((r + 1) S / P)).
class BatchPlan {
public:
    /// `shards` = 0: one per rank. `least`: samples that a shard must have (1, or 8 for layers with
    /// statistics per shard). Throws ConfigError unless rank < ranks and least > 0.
    BatchPlan(std::size_t shards, std::size_t rank, std::size_t ranks, std::size_t least = 1);

    /// Shards of a batch of n samples: the largest power of two S <= shards with n / S >= least, at least 1;
    /// without `shards`, the number of ranks, but never more than samples: no shard is empty.
    std::size_t shards(std::uint64_t samples) const;

    struct Range {
        std::uint64_t first = 0;
        std::uint64_t count = 0;
        bool operator==(const Range&) const = default;
    };
    /// Shards of `rank` among shards(samples).
    Range shards_of(std::size_t rank, std::uint64_t samples) const;
    /// This rank's.
    Range my_shards(std::uint64_t samples) const { return shards_of(rank_, samples); }
    /// Samples of shard k among those of the batch.
    Range samples_of(std::size_t shard, std::uint64_t samples) const;
    /// This rank's.
    Range my_samples(std::uint64_t samples) const;

    /// This rank's shards of the batch that begins at `position` of its pass, into `out` (no allocation if it
    /// has room). Returns the rank's samples within the batch.
    Range mine(std::uint64_t position, std::uint64_t samples, std::vector<ShardRows>& out) const;

    /// Room that serves this rank for every batch of at most `samples`: rows and shards.
    std::size_t most_rows(std::uint64_t samples) const;
    std::size_t most_shards() const;

private:
    Range shares_of(std::size_t rank, std::uint64_t shards) const;

    std::size_t shards_, rank_, ranks_, least_;
};

}  // namespace lockstep
