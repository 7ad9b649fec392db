#include "post_queue.h"

#include <exception>
#include <utility>

#include <lockstep/log/log.h>

namespace lockstep {

PostQueue::PostQueue(std::string speaker, std::size_t capacity, Send send)
    : speaker_(std::move(speaker)),
      capacity_(capacity),
      send_(std::move(send)),
      thread_([this] { work(); }) {}

PostQueue::~PostQueue() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void PostQueue::push(std::string text) {
    bool drops = false;
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(text));
        if (waiting_.size() > capacity_) {
            waiting_.pop_front();
            drops = !std::exchange(has_dropped_, true);
        }
    }
    changed_.notify_all();
    if (drops)
        log::warning("{}: more than {} messages wait for the server: the oldest are dropped", speaker_,
                     capacity_);
}

std::size_t PostQueue::drain(std::chrono::duration<double> longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [this] { return waiting_.empty() && !is_sending_; });
    return waiting_.size() + (is_sending_ ? 1 : 0);
}

void PostQueue::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        const std::string text = std::move(waiting_.front());
        waiting_.pop_front();
        is_sending_ = true;
        lock.unlock();
        send(text);
        lock.lock();
        is_sending_ = false;
        changed_.notify_all();
    }
}

void PostQueue::send(const std::string& text) {
    try {
        send_(text);
    } catch (const std::exception& error) {
        if (!std::exchange(has_failed_, true))
            log::warning("{}: {}; training goes on, and later failures are not reported", speaker_,
                         error.what());
    }
}

}  // namespace lockstep
