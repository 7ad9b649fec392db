#pragma once

#include <concepts>
#include <functional>
#include <utility>
#include <vector>

#include <lockstep/comm/rank_status.h>
#include <lockstep/comm/waiting.h>
#include <lockstep/core/stopwatch.h>

namespace lockstep {

/// How one rank waits: on the node's bell, while it keeps its messages to other nodes moving.
class Waiter {
public:
    explicit Waiter(Bell bell) : bell_(bell) {}

    const Bell& bell() const { return bell_; }

    /// Where it is said that this rank waits. The status must outlive the waiter.
    void report_to(RankStatus& status) { status_ = &status; }

    /// `poll` is called while this rank waits, and between layers. It must not wait itself.
    void add_poll(std::function<void()> poll) { polls_.push_back(std::move(poll)); }

    void poll() {
        for (const auto& poll : polls_) poll();
    }

    template <std::predicate Ready>
    void until(Ready&& ready) {
        if (ready()) return;
        const WaitingScope waiting(status_);
        const Stopwatch timer;
        const bool may_sleep = polls_.empty();
        bell_.wait(
            [&] {
                poll();
                return ready();
            },
            may_sleep);
        waited_ += timer.seconds();
    }

    /// Seconds spent in until() so far.
    double waited() const { return waited_; }

private:
    Bell bell_;
    RankStatus* status_ = nullptr;
    std::vector<std::function<void()>> polls_;
    double waited_ = 0;
};

}  // namespace lockstep
