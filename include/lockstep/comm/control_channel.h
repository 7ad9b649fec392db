#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <lockstep/comm/node_memory.h>
#include <lockstep/comm/topology.h>
#include <lockstep/comm/waiter.h>

namespace lockstep {

/// One small message per attempt from rank 0 to all: through the window on its node, by a tree between nodes.
/// Nobody waits for it until he needs it.
class ControlChannel {
public:
    static constexpr std::size_t kBytes = 64;
    using Message = std::array<std::byte, kBytes>;

    struct Layout {
        explicit Layout(MemoryPlan& plan);
        std::size_t flag, messages;
    };

    ControlChannel(const Layout& layout, const NodeMemory& memory, const Topology& topology, Waiter& waiter);
    ~ControlChannel();
    ControlChannel(const ControlChannel&) = delete;
    ControlChannel& operator=(const ControlChannel&) = delete;

    /// On every rank, for attempts 1, 2, 3, ... in turn, before anything else of the attempt.
    void begin(std::uint64_t attempt);
    /// On rank 0, once per attempt.
    void publish(const Message& message);
    /// Whether the message of this attempt is here.
    bool arrived();
    /// Waits for it.
    const Message& receive();

private:
    struct Network;  // the leaders' broadcast
    std::span<std::byte> slot() const;
    void deliver(const Message& message);
    void poll();

    const Topology& topology_;
    Waiter& waiter_;
    std::span<std::uint64_t> flag_;
    std::span<std::byte> messages_;  // two, taken in turn: a slow rank may still read the last one
    std::uint64_t attempt_ = 0;
    std::uint64_t received_ = 0;
    Message message_{};
    std::unique_ptr<Network> network_;
};

}  // namespace lockstep
