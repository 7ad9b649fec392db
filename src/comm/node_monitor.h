#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/topology.h>

namespace lockstep {

/// Watches over the ranks of this node: a thread sleeps on their process handles, and when one ends before it
/// said goodbye, the lowest rank that is left says which one it was, where and at which step. The launcher
/// ends the rest; if it does not within a few seconds, the thread does, so that nobody waits for ever for a
/// message from the dead.
class NodeMonitor {
public:
    /// Collective over the node.
    explicit NodeMonitor(const Topology& topology);
    /// Says goodbye: from here on this rank may end.
    ~NodeMonitor();
    /// The same, for who ends without destructors.
    void say_goodbye();
    NodeMonitor(const NodeMonitor&) = delete;
    NodeMonitor& operator=(const NodeMonitor&) = delete;

    /// What this rank is doing; `phase` is cut after 15 characters.
    void report(std::string_view phase, std::int64_t epoch, std::int64_t step);

    struct Report {
        std::int32_t pid;
        std::int32_t gone;  // 1: said goodbye
        std::int64_t epoch;
        std::int64_t step;  // -1: before the first
        std::array<char, 16> phase;
    };

private:
    void open_handles();
    void watch();
    void mourn(int local_rank);

    const Topology& topology_;
    std::shared_ptr<NodeMemory> memory_;
    std::span<Report> reports_;  // by local rank
    std::vector<int> handles_;   // of the other ranks' processes
    std::vector<int> ranks_;     // whose they are
    int stop_ = -1;              // an eventfd
    std::thread thread_;
};

}  // namespace lockstep
