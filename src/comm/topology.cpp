#include <algorithm>

#include <lockstep/comm/topology.h>

#include "mpi_check.h"
#include "mpi_handle.h"

namespace lockstep {

namespace {

/// First rank of each node, and the size, from each rank's node-local index: a node begins where it is 0.
std::vector<int> node_boundaries(const Communicator& world, int local_rank) {
    std::vector<int> local_ranks(static_cast<std::size_t>(world.size()));
    check_mpi(MPI_Allgather(&local_rank, 1, MPI_INT, local_ranks.data(), 1, MPI_INT, world.handle().comm),
              "MPI_Allgather");
    std::vector<int> boundaries;
    for (int rank = 0; rank < world.size(); ++rank)
        if (local_ranks[static_cast<std::size_t>(rank)] == 0) boundaries.push_back(rank);
    boundaries.push_back(world.size());
    return boundaries;
}

int smallest_node(const Topology& topology) {
    int least = topology.size;
    for (int node = 0; node < topology.nodes(); ++node) least = std::min(least, topology.local_size_of(node));
    return least;
}

/// The members' group of those who pass `joins`; the others get null but take part in the split.
std::shared_ptr<const Communicator> group_of(const Communicator& world, bool joins, int color) {
    const int outside = world.size();
    auto group = std::make_shared<const Communicator>(world.split(joins ? color : outside, world.rank()));
    return joins && group->size() > 1 ? group : nullptr;
}

}  // namespace

Topology Topology::of_nodes(const Communicator& world) {
    auto neighbours = std::make_shared<const Communicator>(world.split_by_node());
    Topology topology;
    topology.rank = world.rank();
    topology.size = world.size();
    topology.local_rank = neighbours->rank();
    topology.node_begin = node_boundaries(world, topology.local_rank);
    const auto next = std::upper_bound(topology.node_begin.begin(), topology.node_begin.end(), topology.rank);
    topology.node = static_cast<int>(next - topology.node_begin.begin()) - 1;
    topology.lanes = smallest_node(topology);
    if (neighbours->size() > 1) topology.node_ranks = neighbours;
    topology.lane = group_of(world, topology.has_lane(), topology.local_rank);
    topology.leaders = group_of(world, topology.is_leader(), 0);
    return topology;
}

Topology Topology::of_ranks(const Communicator& world) {
    Topology topology;
    topology.rank = topology.node = world.rank();
    topology.size = world.size();
    for (int rank = 0; rank <= world.size(); ++rank) topology.node_begin.push_back(rank);
    if (world.size() == 1) return topology;
    topology.lane = std::make_shared<const Communicator>(world.duplicate());
    topology.leaders = std::make_shared<const Communicator>(world.duplicate());
    return topology;
}

Topology Topology::of_threads(int rank, int size) {
    Topology topology;
    topology.rank = topology.local_rank = rank;
    topology.size = topology.lanes = size;
    topology.node_begin = {0, size};
    return topology;
}

}  // namespace lockstep
