#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <lockstep/comm/shard_map.h>
#include <lockstep/comm/topology.h>
#include <lockstep/core/aligned_buffer.h>

#include "lane_sum.h"

namespace lockstep {

/// Sums a slice of the gradients over all ranks, in the order of the shards' tree: first over those of the
/// node, whose gradients lie in its memory, then over the nodes, along the lane. Sums take the place of
/// gradients.
class GradientSum {
public:
    /// `gradients`: of the node's ranks, in common; each as long as the store. `topology` must outlive this.
    GradientSum(const Topology& topology, std::vector<std::span<float>> gradients, std::size_t largest_slice);

    /// For the attempts that follow: which rank has which shards.
    void plan(ShardMap map);

    /// No rank has a shard: there is nothing to sum.
    bool empty() const { return tree_.empty(); }

    /// The sum of [offset, offset + size), at most a block, where one node has all ranks. Valid until the
    /// next call.
    std::span<float> on_one_node(std::size_t offset, std::size_t size);

    /// Begins with the slice [offset, offset + size); one at a time.
    void start(std::size_t offset, std::size_t size);
    /// Continues without waiting. True when the sum is there.
    bool advance() { return lane_.advance(); }
    /// Where it is, until this node's ranks write their next gradients.
    std::span<float> result(std::size_t offset, std::size_t size) const;

    /// By rank of the node.
    std::span<float> gradients(int local_rank) const {
        return gradients_[static_cast<std::size_t>(local_rank)];
    }

private:
    std::span<float> gradients_of(int rank) const { return gradients(rank - topology_.first_rank()); }
    std::span<float> place_of(int part) const { return gradients_of(tree_.node(part).first_rank); }
    std::span<float> add_up(int index, std::size_t offset, std::size_t size, std::size_t depth);

    const Topology& topology_;
    std::vector<std::span<float>> gradients_;  // by local rank
    ShardTree tree_;
    std::vector<std::uint32_t> map_;  // what the tree was built for; none at first
    std::vector<int> parts_;          // subtrees that this node sums
    std::vector<std::span<float>> part_slices_;
    std::vector<AlignedBuffer<float>> scratch_;  // a block per level of the tree
    LaneSum lane_;
};

}  // namespace lockstep
