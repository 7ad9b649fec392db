#include <algorithm>

#include <lockstep/comm/adopt.h>
#include <lockstep/comm/control_channel.h>

#include "mpi_check.h"
#include "mpi_handle.h"

namespace lockstep {

struct ControlChannel::Network {
    explicit Network(const Communicator& leaders) : ranks(leaders.duplicate()) {}

    void start() {
        under_way.wait();
        check_mpi(MPI_Ibcast(message.data(), static_cast<int>(kBytes), MPI_BYTE, 0, ranks.handle().comm,
                             under_way.address()),
                  "MPI_Ibcast");
    }

    Communicator ranks;
    Message message{};
    bool listening = false;
    Request under_way;  // ends before the message it points to
};

ControlChannel::Layout::Layout(MemoryPlan& plan)
    : flag(plan.add<std::uint64_t>(1)), messages(plan.add<std::byte>(2 * kBytes)) {}

ControlChannel::ControlChannel(const Layout& layout, const NodeMemory& memory, const Topology& topology,
                               Waiter& waiter)
    : topology_(topology),
      waiter_(waiter),
      flag_(memory.at<std::uint64_t>(layout.flag, 1)),
      messages_(memory.at<std::byte>(layout.messages, 2 * kBytes)) {
    if (!topology.leaders) return;
    network_ = std::make_unique<Network>(*topology.leaders);
    waiter.add_poll([this] { poll(); });
}

ControlChannel::~ControlChannel() = default;

void ControlChannel::begin(std::uint64_t attempt) {
    attempt_ = attempt;
    if (!network_ || topology_.rank == 0) return;
    network_->start();
    network_->listening = true;
}

void ControlChannel::publish(const Message& message) {
    deliver(message);
    if (!network_) return;
    network_->under_way.wait();
    network_->message = message;
    network_->start();
}

bool ControlChannel::arrived() {
    if (received_ == attempt_) return true;
    poll();
    if (Bell::get(flag_[0]) < attempt_) return false;
    std::ranges::copy(slot(), message_.begin());
    received_ = attempt_;
    return true;
}

const ControlChannel::Message& ControlChannel::receive() {
    waiter_.until([this] { return arrived(); });
    return message_;
}

std::span<std::byte> ControlChannel::slot() const {
    return messages_.subspan(attempt_ % 2 * kBytes, kBytes);
}

void ControlChannel::deliver(const Message& message) {
    std::ranges::copy(message, slot().begin());
    waiter_.bell().set(flag_[0], attempt_);
}

void ControlChannel::poll() {
    if (!network_ || !network_->under_way.test() || !network_->listening) return;
    network_->listening = false;
    deliver(network_->message);
}

}  // namespace lockstep
