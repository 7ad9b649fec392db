#include "flush_timer.h"

#include <algorithm>
#include <utility>

namespace lockstep::io {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRest = 99;  // after a call, as a multiple of its time

}  // namespace

FlushTimer::FlushTimer(std::chrono::milliseconds first, std::function<std::chrono::milliseconds()> tick)
    : tick_(std::move(tick)), thread_([this, first] { work(first); }) {}

void FlushTimer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void FlushTimer::ring() {
    {
        const std::lock_guard lock(mutex_);
        rung_ = true;
    }
    wake_.notify_one();
}

void FlushTimer::work(std::chrono::milliseconds pause) {
    auto next = Clock::now() + pause;
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait_until(lock, next, [this] { return stopping_ || rung_; });
        if (stopping_) return;
        rung_ = false;
        lock.unlock();
        const auto begin = Clock::now();
        pause = tick_();
        const auto end = Clock::now();
        next = end + pause;
        lock.lock();
        wake_.wait_until(lock, std::min(next, end + kRest * (end - begin)), [this] { return stopping_; });
    }
}

}  // namespace lockstep::io
