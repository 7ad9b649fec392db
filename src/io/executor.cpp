#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <semaphore>
#include <thread>
#include <utility>

#include <lockstep/io/executor.h>

#include "hdf5_check.h"

namespace lockstep::io {

namespace {

/// Taken while an executor lives: a new one waits here until the last one's thread has ended, so
/// that there are never two threads in HDF5.
std::binary_semaphore& lifetime() {
    static std::binary_semaphore semaphore{1};
    return semaphore;
}

}  // namespace

struct Executor::Queue {
    using Task = std::packaged_task<void()>;

    std::mutex mutex;
    std::condition_variable wake;
    std::array<std::deque<Task>, 4> tasks;  // by priority
    bool stopping = false;
    std::thread thread;

    /// The next task by priority; an invalid one when there is nothing left and the end has come.
    Task next() {
        std::unique_lock lock(mutex);
        while (true) {
            for (auto& level : tasks) {
                if (level.empty()) continue;
                Task task = std::move(level.front());
                level.pop_front();
                return task;
            }
            if (stopping) return {};
            wake.wait(lock);
        }
    }

    void work() {
        silence_error_printing();
        for (Task task = next(); task.valid(); task = next()) task();
    }
};

std::shared_ptr<Executor> Executor::acquire() {
    static std::mutex mutex;
    static std::weak_ptr<Executor> current;
    const std::lock_guard lock(mutex);
    std::shared_ptr<Executor> executor = current.lock();
    if (!executor) {
        executor.reset(new Executor);  // the constructor is private to this function
        current = executor;
    }
    return executor;
}

Executor::Executor() : queue_(std::make_unique<Queue>()) {
    lifetime().acquire();
    queue_->thread = std::thread([queue = queue_.get()] { queue->work(); });
}

Executor::~Executor() {
    {
        const std::lock_guard lock(queue_->mutex);
        queue_->stopping = true;
    }
    queue_->wake.notify_one();
    queue_->thread.join();
    lifetime().release();
}

std::future<void> Executor::post(Priority priority, std::function<void()> task) {
    Queue::Task packaged(std::move(task));
    std::future<void> result = packaged.get_future();
    {
        const std::lock_guard lock(queue_->mutex);
        queue_->tasks[static_cast<std::size_t>(priority)].push_back(std::move(packaged));
    }
    queue_->wake.notify_one();
    return result;
}

void Executor::run(Priority priority, const std::function<void()>& task) {
    if (std::this_thread::get_id() == queue_->thread.get_id()) return task();
    post(priority, [&task] { task(); }).get();
}

}  // namespace lockstep::io
