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

    /// Returns when `ready` says so: a flag that is set with the node's bell.
    template <std::predicate Ready>
    void until(Ready&& ready) {
        wait(ready, polls_.empty());
    }

    /// The same for the end of a message, which no bell announces.
    template <std::predicate Ready>
    void until_message(Ready&& ready) {
        wait(ready, /*may_sleep=*/false);
    }

    /// Seconds spent in the two so far.
    double waited() const { return waited_; }

private:
    template <std::predicate Ready>
    void wait(Ready& ready, bool may_sleep) {
        if (ready()) return;
        const WaitingScope waiting(status_);
        const Stopwatch timer;
        bell_.wait(
            [&] {
                poll();
                return ready();
            },
            may_sleep);
        waited_ += timer.seconds();
    }

    Bell bell_;
    RankStatus* status_ = nullptr;
    std::vector<std::function<void()>> polls_;
    double waited_ = 0;
};

}  // namespace lockstep
