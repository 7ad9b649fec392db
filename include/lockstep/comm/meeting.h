#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/topology.h>
#include <lockstep/comm/waiter.h>

namespace lockstep {

/// A barrier over all ranks, built on the flags of the node's memory and, between nodes, on the leaders.
class Meeting {
public:
    struct Layout {
        Layout(MemoryPlan& plan, const Topology& topology);
        std::size_t arrivals;
    };

    Meeting(const Layout& layout, const NodeMemory& memory, const Topology& topology, Waiter& waiter);

    /// Collective. Everything that any rank wrote before is seen by all after.
    void meet();
    /// Collective. As above; between the two halves the leaders run `work`, alone on their nodes.
    template <typename Work>
    void meet_around(Work&& work) {
        meet_on_node();
        if (topology_.is_leader()) work();
        meet_on_node();
    }

private:
    void meet_on_node();

    const Topology& topology_;
    Waiter& waiter_;
    std::span<std::uint64_t> arrivals_;  // one cache line per rank
    std::uint64_t meetings_ = 0;
};

}  // namespace lockstep
