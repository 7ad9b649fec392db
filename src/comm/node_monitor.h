#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/rank_status.h>
#include <lockstep/comm/topology.h>

#include "stall_watch.h"

namespace lockstep {

/// Watches over the ranks of this node, on a thread of each of them.
///
/// It sleeps on their process handles, and when one ends before it said goodbye, the lowest rank that is left
/// says which one it was, where and at which step. The launcher ends the rest; if it does not within a few
/// seconds, the thread does, so that nobody waits for ever for a message from the dead.
///
/// Where it was asked to, it also gives this rank's sign of life, and looks for a rank that gives none or
/// makes no progress. Who finds one says so and ends the job.
class NodeMonitor {
public:
    /// Collective over the node. From here on `status` is seen by the node's other ranks. `end_job` ends all
    /// ranks; it is called on the monitor's thread.
    NodeMonitor(const Topology& topology, RankStatus& status, std::string host,
                std::function<void()> end_job);
    /// Says goodbye: from here on this rank may end.
    ~NodeMonitor();
    NodeMonitor(const NodeMonitor&) = delete;
    NodeMonitor& operator=(const NodeMonitor&) = delete;

    void watch_stalls(StallLimits limits);

private:
    void open_handles();
    void run();
    void ring();
    void take_limits();
    int milliseconds_to_next_look() const;
    void look_for_stalls();
    void end_stalled_job(const std::string& message);
    void mourn(int local_rank);

    const Topology& topology_;
    RankStatus& status_;
    std::string host_;
    std::function<void()> end_job_;
    std::shared_ptr<NodeMemory> memory_;
    std::span<RankRecord> records_;     // by local rank
    std::span<std::uint32_t> over_;     // one word for the node: 1 once a stall has ended the job
    std::vector<int> handles_;          // of the other ranks' processes
    std::vector<int> ranks_;            // whose they are
    std::optional<StallWatch> stalls_;  // the thread's own

    std::mutex mutex_;
    std::optional<StallLimits> new_limits_;
    std::atomic<bool> stopping_ = false;
    int bell_ = -1;  // an eventfd: there is news for the thread
    std::thread thread_;
};

}  // namespace lockstep
