#include <lockstep/comm/step_board.h>

namespace lockstep {

StepBoard::Layout::Layout(const Topology& topology, TelemetryChannel::Sizes sizes)
    : bell(plan.add<Bell::Words>(1)),
      meeting(plan, topology),
      control(plan),
      telemetry(plan, topology, sizes) {}

std::size_t StepBoard::bytes_needed(const Topology& topology, TelemetryChannel::Sizes sizes) {
    return Layout(topology, sizes).plan.bytes();
}

StepBoard::StepBoard(const Topology& topology, TelemetryChannel::Sizes sizes,
                     std::shared_ptr<NodeMemory> memory)
    : StepBoard(topology, Layout(topology, sizes), std::move(memory)) {}

StepBoard::StepBoard(const Topology& topology, const Layout& layout, std::shared_ptr<NodeMemory> memory)
    : memory_(std::move(memory)),
      waiter_(Bell(memory_->at<Bell::Words>(layout.bell, 1).front())),
      meeting_(layout.meeting, *memory_, topology, waiter_),
      control_(layout.control, *memory_, topology, waiter_),
      telemetry_(layout.telemetry, *memory_, topology, waiter_) {}

}  // namespace lockstep
