#pragma once

#include <span>

namespace lockstep {

/// Sums over a batch, all its shards on all ranks, for layers whose arithmetic goes beyond a shard.
class BatchSums {
public:
    virtual ~BatchSums() = default;

    /// Collective, in the same order on all ranks, also on those without rows. `mine`: of each of this rank's
    /// shards sum.size() numbers, one shard behind the other. The sum has the same bits on all ranks.
    virtual void add(std::span<const double> mine, std::span<double> sum) = 0;
};

}  // namespace lockstep
