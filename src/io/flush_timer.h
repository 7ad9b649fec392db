#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace lockstep::io {

/// Calls a function again and again, on a thread of its own.
class FlushTimer {
public:
    /// Calls `tick` after `first`, then each time after the pause that `tick` returned. `tick` must not
    /// throw.
    FlushTimer(std::chrono::milliseconds first, std::function<std::chrono::milliseconds()> tick);
    ~FlushTimer() { stop(); }
    FlushTimer(const FlushTimer&) = delete;
    FlushTimer& operator=(const FlushTimer&) = delete;

    /// Does not wait for the pause to end, and does not wait for the call. Calls that others ring for take at
    /// most a hundredth of the time: one that locks a file leaves it to readers, however often this is
    /// called.
    void ring();

    /// Returns when a running call has ended and there will be no other.
    void stop();

private:
    void work(std::chrono::milliseconds pause);

    std::function<std::chrono::milliseconds()> tick_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool rung_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace lockstep::io
