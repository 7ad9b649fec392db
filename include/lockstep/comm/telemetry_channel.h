#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/shard_map.h>
#include <lockstep/comm/topology.h>
#include <lockstep/comm/waiter.h>
#include <lockstep/core/slot_tree.h>

namespace lockstep {

/// Sums and flags of an attempt on their way to rank 0: one slot per shard, so that sums that are not whole
/// numbers can be added in the shards' tree, and one per rank.
class TelemetryChannel {
public:
    struct Sizes {
        std::size_t shards = 1;  // most shards of a batch
        std::size_t numbers_per_shard = 0;
        std::size_t numbers_per_rank = 0;
    };

    struct Layout {
        Layout(MemoryPlan& plan, const Topology& topology, Sizes sizes);
        Sizes sizes;
        std::size_t flags, shards, ranks;
    };

    TelemetryChannel(const Layout& layout, const NodeMemory& memory, const Topology& topology,
                     Waiter& waiter);
    ~TelemetryChannel();
    TelemetryChannel(const TelemetryChannel&) = delete;
    TelemetryChannel& operator=(const TelemetryChannel&) = delete;

    /// On every rank, for attempts 1, 2, 3, ... in turn.
    void begin(std::uint64_t attempt, ShardMap map);
    /// The numbers of shard `shard` (one of this rank's), to be filled before send(). All zero after begin().
    std::span<double> shard(std::size_t shard);
    /// The numbers of this rank. All zero after begin().
    std::span<double> rank();
    /// On every rank, once per attempt, also when the attempt is dropped.
    void send();
    /// On every rank, before it leaves the attempt: what the node's ranks sent is on its way to rank 0 then,
    /// whatever this rank waits for next.
    void hand_over();

    /// On rank 0, once per attempt, after its send(): waits for all ranks. Valid until begin() of the next
    /// attempt but one.
    void collect();
    /// On rank 0 after collect(): the sum over the shards of the batch, in their tree.
    void sum_shards(std::span<double> sums);
    /// On rank 0 after collect().
    std::span<const double> of_rank(int rank) const;

private:
    struct Network;  // the leaders' gather
    std::span<double> shard_slots() const;
    std::span<double> rank_slots() const;
    bool node_is_complete() const;
    void poll();

    const Topology& topology_;
    Waiter& waiter_;
    Sizes sizes_;
    std::span<std::uint64_t> flags_;  // one cache line per rank: its last attempt
    std::span<double> shards_;        // two sets of slots, taken in turn
    std::span<double> ranks_;
    std::uint64_t attempt_ = 0;
    std::vector<std::uint32_t> map_;  // a copy: slots may leave the node after the caller made his next map
    SlotTree tree_;
    std::unique_ptr<Network> network_;
};

}  // namespace lockstep
