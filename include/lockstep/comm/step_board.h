#pragma once

#include <memory>

#include <lockstep/comm/control_channel.h>
#include <lockstep/comm/meeting.h>
#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/telemetry_channel.h>
#include <lockstep/comm/topology.h>
#include <lockstep/comm/waiter.h>

namespace lockstep {

/// Everything small that ranks tell each other during steps: bell, meetings, control and telemetry, in one
/// stretch of node memory.
class StepBoard {
public:
    static std::size_t bytes_needed(const Topology& topology, TelemetryChannel::Sizes sizes);

    /// `memory` has bytes_needed() zeroed bytes, in common with the other ranks of the node. `topology` must
    /// outlive the board.
    StepBoard(const Topology& topology, TelemetryChannel::Sizes sizes, std::shared_ptr<NodeMemory> memory);

    Waiter& waiter() { return waiter_; }
    Meeting& meeting() { return meeting_; }
    ControlChannel& control() { return control_; }
    TelemetryChannel& telemetry() { return telemetry_; }

private:
    struct Layout {
        Layout(const Topology& topology, TelemetryChannel::Sizes sizes);
        MemoryPlan plan;
        std::size_t bell;
        Meeting::Layout meeting;
        ControlChannel::Layout control;
        TelemetryChannel::Layout telemetry;
    };
    StepBoard(const Topology& topology, const Layout& layout, std::shared_ptr<NodeMemory> memory);

    std::shared_ptr<NodeMemory> memory_;
    Waiter waiter_;
    Meeting meeting_;
    ControlChannel control_;
    TelemetryChannel telemetry_;
};

}  // namespace lockstep
