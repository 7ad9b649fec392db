#pragma once

#include <memory>
#include <vector>

#include <lockstep/comm/communicator.h>

namespace lockstep {

/// How ranks lie on nodes. Ranks are numbered node by node; `lanes` ranks of every node (as many as the
/// smallest node has) join the ranks with the same node-local index on the other nodes.
struct Topology {
    int rank = 0;
    int size = 1;
    int node = 0;        // index of this rank's node
    int local_rank = 0;  // within the node
    int lanes = 1;
    std::vector<int> node_begin;  // first rank of each node, and size at the end

    std::shared_ptr<const Communicator> node_ranks;  // those that share memory; null if there is one
    std::shared_ptr<const Communicator> lane;  // by node; null if there is one node or this rank has no lane
    std::shared_ptr<const Communicator>
        leaders;  // first ranks of the nodes, by node; null elsewhere and with one node

    int nodes() const { return static_cast<int>(node_begin.size()) - 1; }
    int local_size() const { return local_size_of(node); }
    int local_size_of(int index) const {
        return node_begin[static_cast<std::size_t>(index) + 1] - node_begin[static_cast<std::size_t>(index)];
    }
    int first_rank() const { return node_begin[static_cast<std::size_t>(node)]; }
    bool is_leader() const { return local_rank == 0; }
    bool has_lane() const { return local_rank < lanes; }

    /// Collective over `world`, whose ranks are ordered node by node: the real nodes.
    static Topology of_nodes(const Communicator& world);
    /// Collective over `world`: every rank as a node of its own, nothing shared.
    static Topology of_ranks(const Communicator& world);
    /// One node of `size` ranks without MPI: threads of one process stand in for ranks (tests).
    static Topology of_threads(int rank, int size);
};

}  // namespace lockstep
