#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace lockstep {

/// Hands texts, in order, to a function on a thread of its own, so that whoever adds one never waits. When
/// more than `capacity` wait, the oldest is dropped. What fails, or is dropped, is told of by one warning
/// each, not by one per text.
class PostQueue {
public:
    using Send = std::function<void(const std::string& text)>;  // throws what went wrong

    /// `speaker` is who gives the warnings: "remote_monitor".
    PostQueue(std::string speaker, std::size_t capacity, Send send);
    /// Drops what is left; waits for the text that is being sent.
    ~PostQueue();
    PostQueue(const PostQueue&) = delete;
    PostQueue& operator=(const PostQueue&) = delete;

    void push(std::string text);
    /// Waits until everything was handed over, or so long. How many are left, the one being sent included.
    std::size_t drain(std::chrono::duration<double> longest);

private:
    void work();
    void send(const std::string& text);

    std::string speaker_;
    std::size_t capacity_;
    Send send_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> waiting_;
    bool is_sending_ = false;
    bool ends_ = false;
    bool has_dropped_ = false;
    bool has_failed_ = false;  // of the thread alone
    std::thread thread_;       // last: it uses all the others
};

}  // namespace lockstep
