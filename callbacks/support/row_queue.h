#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace lockstep {

/// Rows on their way from hooks to the thread that turns them into text. A hook runs with caches that the
/// training step has filled: it only copies numbers, and many rows later become text at once, at a fraction
/// of the time. Rows are used again with their memory.
template <typename Row>
class RowQueue {
public:
    /// Calls `fill` with a row of the past, or an empty one.
    template <typename Fill>
    void push(const Fill& fill) {
        const std::lock_guard lock(mutex_);
        if (waiting_.count == waiting_.rows.size()) waiting_.rows.emplace_back();
        fill(waiting_.rows[waiting_.count++]);
    }

    /// Calls `take` with each row, in order; others may come meanwhile. From any thread, one at a time.
    template <typename Take>
    void drain(const Take& take) {
        const std::lock_guard drain_lock(drain_mutex_);
        {
            const std::lock_guard lock(mutex_);
            std::swap(waiting_, taken_);
        }
        for (std::size_t i = 0; i < taken_.count; ++i) take(std::as_const(taken_.rows[i]));
        taken_.count = 0;
    }

private:
    struct Rows {
        std::vector<Row> rows;
        std::size_t count = 0;
    };

    std::mutex mutex_;  // of the next one
    Rows waiting_;
    std::mutex drain_mutex_;  // of the next one; locked first
    Rows taken_;
};

}  // namespace lockstep
