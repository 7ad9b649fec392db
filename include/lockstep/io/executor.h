#pragma once

#include <functional>
#include <future>
#include <memory>

namespace lockstep::io {

/// What waits for what: training data before log rows before checkpoints before predictions.
enum class Priority { data, log, checkpoint, predictions };

/// The one thread of this process that calls HDF5. Some builds of HDF5 have one global lock, the others
/// none: so every call goes through here, in pieces of at most 1 MiB where a file is large.
/// Any thread may post. A task must not hold the last pointer to its executor: a thread cannot join itself.
class Executor {
public:
    /// The process's executor; made when the first holder asks. With the last holder it finishes what was
    /// posted and its thread ends.
    static std::shared_ptr<Executor> acquire();

    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// Runs `task` on the thread, after those of higher priority and the earlier ones of its own. What it
    /// throws comes out of get().
    std::future<void> post(Priority priority, std::function<void()> task);

    /// post() and wait. On the thread itself, runs `task` at once.
    void run(Priority priority, const std::function<void()>& task);

private:
    Executor();
    struct Queue;
    std::unique_ptr<Queue> queue_;
};

}  // namespace lockstep::io
