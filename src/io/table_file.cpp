#include <algorithm>
#include <filesystem>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/executor.h>
#include <lockstep/io/table_file.h>
#include <lockstep/log/log.h>

#include "file_system.h"
#include "flush_timer.h"
#include "table_inbox.h"
#include "table_store.h"

namespace lockstep::io {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry{5};
constexpr milliseconds kLongestRetry{250};

/// Of one try to write what waits.
enum class Outcome { written, held, failed };

}  // namespace

struct TableFile::State {
    std::string path;
    Options options;
    std::shared_ptr<Executor> executor = Executor::acquire();
    TableInbox inbox;
    TableStore store{path};  // only on the executor's thread
    // These too:
    std::string failure;  // why the last attempt failed
    std::optional<Clock::time_point> waiting_since;
    bool warned = false;
    milliseconds retry = kFirstRetry;

    bool closed = false;
    std::optional<FlushTimer> timer;  // declared last: stopped before what it uses is gone

    State(std::string file, Options chosen) : path(std::move(file)), options(chosen) {}

    Outcome attempt();
    milliseconds tick();
    void warn_if_late(const std::string& why);

    void create();
    void load();
    void merge_pending();
    void write_pending();
    /// Repeats `task` on the executor until it is true or `final_wait` has passed; false then.
    bool until_free(const std::function<bool()>& task) const;
};

/// On the executor's thread.
Outcome TableFile::State::attempt() {
    store.stage(inbox.take());
    Outcome outcome = Outcome::held;
    failure = "another process holds the file";
    try {
        if (store.write()) outcome = Outcome::written;
    } catch (const Error& error) {
        failure = error.what();
        outcome = Outcome::failed;
    }
    if (outcome != Outcome::written) {
        warn_if_late(failure);
        return outcome;
    }
    waiting_since.reset();
    warned = false;
    retry = kFirstRetry;
    return outcome;
}

void TableFile::State::warn_if_late(const std::string& why) {
    if (!waiting_since) waiting_since = Clock::now();
    if (warned || Clock::now() - *waiting_since < options.warn_after) return;
    warned = true;
    log::write(
        log::Level::warning, "io",
        fmt::format("{}: {} rows wait in memory for {} s: {}", path, store.staged_rows(),
                    std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - *waiting_since).count(),
                    why));
}

/// A reader lets go after some milliseconds: try again soon, not only at the next flush.
milliseconds TableFile::State::tick() {
    milliseconds pause = options.flush_interval;
    executor->run(Priority::log, [&] {
        if (attempt() != Outcome::held) return;
        pause = std::min(retry, options.flush_interval);
        retry = std::min(2 * retry, kLongestRetry);
    });
    return pause;
}

bool TableFile::State::until_free(const std::function<bool()>& task) const {
    const Clock::time_point deadline = Clock::now() + options.final_wait;
    for (milliseconds pause = kFirstRetry;; pause = std::min(2 * pause, kLongestRetry)) {
        bool done = false;
        executor->run(Priority::log, [&] { done = task(); });
        if (done) return true;
        if (Clock::now() + pause > deadline) return false;
        std::this_thread::sleep_for(pause);
    }
}

void TableFile::State::create() {
    executor->run(Priority::log, [this] { store.create(); });
    std::error_code ignored;  // of an older run; usually there is none
    std::filesystem::remove(pending_name(path), ignored);
}

void TableFile::State::load() {
    if (!until_free([this] { return store.load(); }))
        throw IoError(path + ": another process holds the file; close it there and start again");
    if (std::filesystem::exists(pending_name(path))) merge_pending();
    executor->run(Priority::log, [this] {
        for (const auto& [table, count] : store.rows()) inbox.set_rows(table, count);
    });
}

void TableFile::State::merge_pending() {
    const std::string pending = pending_name(path);
    executor->run(Priority::log, [&] { store.stage_pending(pending); });
    if (!until_free([this] { return store.write(); }))
        throw IoError(path + ": another process holds the file; close it there and start again");
    std::filesystem::remove(pending);
    log::write(log::Level::info, "io", path + ": merged the rows of " + pending);
}

void TableFile::State::write_pending() {
    const std::string pending = pending_name(path);
    std::uint64_t rows = 0;
    executor->run(Priority::log, [&] {
        rows = store.staged_rows();
        store.write_pending(pending);
    });
    log::write(log::Level::warning, "io",
               fmt::format("{}: {}; its last {} rows are in {}. A resume merges them; by hand: append each "
                           "column of the one file to "
                           "the column of the same name in the other",
                           path, failure, rows, pending));
}

TableFile::TableFile(std::string path, Options options) : state_(new State(std::move(path), options)) {
    options.append ? state_->load() : state_->create();
    state_->timer.emplace(options.flush_interval, [state = state_.get()] { return state->tick(); });
}

TableFile::~TableFile() {
    try {
        close();
    } catch (const std::exception& error) {
        log::write(log::Level::error, "io", error.what());
    }
}

void TableFile::describe(const std::string& table, const std::string& column, const std::string& unit,
                         const std::string& description) {
    state_->inbox.describe({table, column, unit, description});
}

void TableFile::append(const std::string& table, Row row) {
    state_->inbox.append(table, std::move(row));
}

void TableFile::attribute(const std::string& name, const Config& value) {
    state_->inbox.attribute(name, value);
}

void TableFile::flush_soon() {
    if (state_->timer) state_->timer->ring();
}

bool TableFile::flush() {
    bool written = false;
    state_->executor->run(Priority::log, [&] { written = state_->attempt() == Outcome::written; });
    return written;
}

std::uint64_t TableFile::rows(const std::string& table) const {
    return state_->inbox.rows(table);
}

std::vector<std::string> TableFile::tables() const {
    return state_->inbox.tables();
}

void TableFile::truncate(const std::string& table, std::uint64_t count) {
    if (count >= rows(table)) return;
    const bool done = state_->until_free(
        [&] { return state_->attempt() == Outcome::written && state_->store.truncate(table, count); });
    if (!done) throw IoError(state_->path + ": cannot cut " + table + ": the file could not be written");
    state_->inbox.set_rows(table, count);
}

void TableFile::close() {
    if (state_->closed) return;
    state_->timer.reset();
    Outcome outcome = Outcome::held;
    state_->until_free([&] {
        outcome = state_->attempt();
        return outcome != Outcome::held;
    });
    state_->closed = true;
    bool staged = false;
    state_->executor->run(Priority::log, [&] { staged = state_->store.has_staged(); });
    if (staged) state_->write_pending();
    if (outcome == Outcome::written) sync_to_disk(state_->path);
}

}  // namespace lockstep::io
