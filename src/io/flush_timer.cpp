#include "flush_timer.h"

#include <utility>

namespace lockstep::io {

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
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait_for(lock, pause, [this] { return stopping_ || rung_; });
        if (stopping_) return;
        rung_ = false;
        lock.unlock();
        pause = tick_();
        lock.lock();
    }
}

}  // namespace lockstep::io
