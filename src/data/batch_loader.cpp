#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <lockstep/core/error.h>
#include <lockstep/data/batch_loader.h>

#include "batch_maker.h"

namespace lockstep {

/// Two slots: one for the step, one that the thread fills meanwhile.
struct BatchLoader::Reader {
    Reader(Dataset dataset, BatchPlan plan, const Options& options)
        : maker(std::move(dataset), plan, options),
          reads_ahead(options.read_ahead),
          slots{maker.make_slot(), maker.make_slot()} {
        if (reads_ahead) thread = std::thread([this] { work(); });
    }

    ~Reader() {
        if (!thread.joinable()) return;
        {
            const std::lock_guard lock(mutex);
            ending = true;
        }
        changed.notify_all();
        thread.join();
    }

    const Batch& get(BatchKey key);
    void fetch(BatchKey key);
    void order_next(BatchKey key);
    void work();

    BatchMaker maker;
    const bool reads_ahead;
    std::array<BatchSlot, 2> slots;
    std::size_t shown = 0;            // the slot that the caller looks at
    std::optional<BatchKey> current;  // what is in it
    std::optional<BatchKey> ahead;    // what the thread was asked to put into the other one

    std::mutex mutex;  // of the members below
    std::condition_variable changed;
    std::optional<BatchKey> task;
    std::exception_ptr failure;
    bool ending = false;
    std::thread thread;
};

void BatchLoader::Reader::work() {
    std::unique_lock lock(mutex);
    while (true) {
        changed.wait(lock, [this] { return ending || task; });
        if (ending) return;
        const BatchKey key = *task;
        const std::size_t slot = 1 - shown;  // get() leaves it alone until the task is done
        lock.unlock();
        std::exception_ptr thrown;
        try {
            maker.make(key, slots[slot]);
        } catch (...) {
            thrown = std::current_exception();
        }
        lock.lock();
        failure = thrown;
        task.reset();
        changed.notify_all();
    }
}

void BatchLoader::Reader::order_next(BatchKey key) {
    ahead = key.batch + 1 < maker.batches() ? BatchKey{key.pass, key.batch + 1} : BatchKey{key.pass + 1, 0};
    if (maker.repeats()) ahead->pass = 0;
    {
        const std::lock_guard lock(mutex);
        task = ahead;
    }
    changed.notify_all();
}

void BatchLoader::Reader::fetch(BatchKey key) {
    const std::optional<BatchKey> expected = std::exchange(ahead, std::nullopt);
    current.reset();
    if (expected) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return !task; });
        const std::exception_ptr thrown = std::exchange(failure, nullptr);
        if (expected == key) {
            if (thrown) std::rethrow_exception(thrown);
            shown = 1 - shown;
            current = key;
            return;
        }
    }
    maker.make(key, slots[shown]);
    current = key;
}

const Batch& BatchLoader::Reader::get(BatchKey key) {
    if (maker.repeats()) key.pass = 0;
    if (current != key) {
        fetch(key);
        if (reads_ahead) order_next(key);
    }
    return slots[shown].batch;
}

BatchLoader::BatchLoader(Dataset dataset, BatchPlan plan, const Options& options)
    : reader_(std::make_unique<Reader>(std::move(dataset), plan, options)) {}

BatchLoader::~BatchLoader() = default;

std::uint64_t BatchLoader::batches() const {
    return reader_->maker.batches();
}

const Batch& BatchLoader::get(std::uint64_t pass, std::uint64_t batch) {
    return reader_->get({pass, batch});
}

}  // namespace lockstep
