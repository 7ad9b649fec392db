#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lockstep/comm/communicator.h>
#include <lockstep/comm/shard_map.h>
#include <lockstep/comm/waiter.h>
#include <lockstep/core/slot_tree.h>

namespace lockstep {

/// Sums over the shards of a batch that every rank needs before it can go on, added in the shards' tree: the
/// same bits on any number of ranks.
class BatchSum {
public:
    /// Collective over `world`, whose ranks are those of the shard maps. `waiter` must outlive the sum.
    BatchSum(const Communicator& world, Waiter& waiter, std::size_t most_shards, std::size_t most_numbers);
    ~BatchSum();
    BatchSum(const BatchSum&) = delete;
    BatchSum& operator=(const BatchSum&) = delete;

    /// Before the sums of a batch. `map` must stay until its last one.
    void begin(ShardMap map) { map_ = map; }

    /// Collective, in the same order on all ranks. `mine`: of each of this rank's shards sum.size() numbers,
    /// one shard behind the other; none from a rank without shards. Throws MpiError.
    void add(std::span<const double> mine, std::span<double> sum);

private:
    struct Gather;

    Waiter& waiter_;
    ShardMap map_;
    std::vector<double> slots_;  // of all shards
    SlotTree tree_;
    std::unique_ptr<Gather> gather_;
};

}  // namespace lockstep
