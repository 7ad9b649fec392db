#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <lockstep/comm/shard_map.h>
#include <lockstep/comm/topology.h>
#include <lockstep/core/aligned_buffer.h>

#include "mpi_handle.h"

namespace lockstep {

/// Sums a slice over the nodes, along a lane, in the order of the shards' tree.
///
/// Where the tree above the nodes is a full binary tree, by recursive halving and doubling: log2(nodes)
/// rounds of halves there and back, nearest nodes first, without waiting. Otherwise (three nodes, nodes of
/// unequal size, a node without shards) everyone gathers the parts, piece by piece, and adds them up.
class LaneSum {
public:
    LaneSum(const Topology& topology, std::size_t largest_slice);

    /// For a new tree: which parts each node brings.
    void plan(const ShardTree& tree);

    /// `parts` are this node's, at least one stretch even if it brings none; the sum replaces the first. They
    /// must stay in place until advance() returned true.
    void start(std::span<const std::span<float>> parts);

    /// Continues without waiting. True when the sum is there.
    bool advance();

private:
    static constexpr std::size_t kPiece = 65536;  // elements gathered at a time

    /// One exchange with one partner: what is sent, and what comes back.
    struct Round {
        int partner;
        bool adds;  // on the way in; on the way out halves are copied
        std::size_t send_first, send_count, receive_first, receive_count;
    };

    bool is_full_binary(const ShardTree& tree, int index, int first_node, int nodes) const;
    void lay_out_rounds();
    void post(const Round& round);
    void finish(const Round& round);
    void gather(std::span<const std::span<float>> parts);
    std::span<const float> add_up(int index, std::size_t size, std::size_t depth);

    const Topology& topology_;
    const ShardTree* tree_ = nullptr;
    bool full_binary_ = false;

    std::span<float> slice_;
    std::vector<Round> rounds_;
    std::size_t round_ = 0;
    Request sent_, received_;
    AlignedBuffer<float> incoming_;

    std::vector<int> all_parts_;        // subtrees that some node brings, by node
    std::vector<int> counts_, starts_;  // of the gather
    std::vector<int> parts_of_node_;
    AlignedBuffer<float> outgoing_;
    std::vector<AlignedBuffer<float>> scratch_;
};

}  // namespace lockstep
