#include <lockstep/comm/meeting.h>

namespace lockstep {

namespace {
constexpr std::size_t kStride = kCacheLine / sizeof(std::uint64_t);
}

Meeting::Layout::Layout(MemoryPlan& plan, const Topology& topology)
    : arrivals(plan.add<std::uint64_t>(kStride * static_cast<std::size_t>(topology.local_size()))) {}

Meeting::Meeting(const Layout& layout, const NodeMemory& memory, const Topology& topology, Waiter& waiter)
    : topology_(topology),
      waiter_(waiter),
      arrivals_(memory.at<std::uint64_t>(layout.arrivals,
                                         kStride * static_cast<std::size_t>(topology.local_size()))) {}

void Meeting::meet() {
    meet_around([this] {
        if (topology_.leaders) topology_.leaders->barrier();
    });
}

void Meeting::meet_on_node() {
    ++meetings_;
    waiter_.bell().set(arrivals_[kStride * static_cast<std::size_t>(topology_.local_rank)], meetings_);
    waiter_.until([this] {
        for (std::size_t flag = 0; flag < arrivals_.size(); flag += kStride)
            if (Bell::get(arrivals_[flag]) < meetings_) return false;
        return true;
    });
    waiter_.poll();  // what the others did before they came may have to be passed on before the leaders block
}

}  // namespace lockstep
