#include "table_writer.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>

#include "file_system.h"

namespace lockstep::io {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry{5};
constexpr milliseconds kLongestRetry{250};

[[noreturn]] void fail_as_held(const std::string& path) {
    throw IoError(path + ": another process holds the file; close it there and start again");
}

}  // namespace

TableWriter::TableWriter(std::string path, const TableFile::Options& options, TableInbox& inbox)
    : path_(std::move(path)),
      options_(options),
      inbox_(inbox),
      store_(path_),
      late_(path_, options.warn_after),
      retry_(kFirstRetry) {}

void TableWriter::create() {
    executor_->run(Priority::log, [this] { store_.create(); });
    std::error_code ignored;  // of an older run; usually there is none
    std::filesystem::remove(pending_name(path_), ignored);
}

void TableWriter::load() {
    if (!until_free([this] { return store_.load(); })) fail_as_held(path_);
    if (std::filesystem::exists(pending_name(path_))) merge_pending();
    executor_->run(Priority::log, [this] {
        for (const auto& [table, count] : store_.rows()) inbox_.set_rows(table, count);
    });
}

void TableWriter::merge_pending() {
    const std::string pending = pending_name(path_);
    executor_->run(Priority::log, [&] { store_.stage_pending(pending); });
    if (!until_free([this] { return store_.write(); })) fail_as_held(path_);
    std::filesystem::remove(pending);
    log::write(log::Level::info, "io", path_ + ": merged the rows of " + pending);
}

/// On the executor's thread.
TableWriter::Outcome TableWriter::attempt() {
    store_.stage(inbox_.take());
    Outcome outcome = Outcome::held;
    failure_ = "another process holds the file";
    try {
        if (store_.write()) outcome = Outcome::written;
    } catch (const Error& error) {
        failure_ = error.what();
        outcome = Outcome::failed;
    }
    if (outcome != Outcome::written) {
        late_.wait(fmt::format("{} rows", store_.staged_rows()), failure_);
        return outcome;
    }
    late_.reset();
    retry_ = kFirstRetry;
    return outcome;
}

bool TableWriter::flush() {
    bool written = false;
    executor_->run(Priority::log, [&] { written = attempt() == Outcome::written; });
    return written;
}

milliseconds TableWriter::tick() {
    milliseconds pause = options_.flush_interval;
    executor_->run(Priority::log, [&] {
        if (attempt() != Outcome::held) return;
        pause = std::min(retry_, options_.flush_interval);
        retry_ = std::min(2 * retry_, kLongestRetry);
    });
    return pause;
}

/// Repeats `task` on the executor until it is true or `final_wait` has passed; false then.
bool TableWriter::until_free(const std::function<bool()>& task) const {
    const Clock::time_point deadline = Clock::now() + options_.final_wait;
    for (milliseconds pause = kFirstRetry;; pause = std::min(2 * pause, kLongestRetry)) {
        bool done = false;
        executor_->run(Priority::log, [&] { done = task(); });
        if (done) return true;
        if (Clock::now() + pause > deadline) return false;
        std::this_thread::sleep_for(pause);
    }
}

void TableWriter::truncate(const std::map<std::string, std::uint64_t>& counts) {
    const bool done = until_free([&] { return attempt() == Outcome::written && store_.truncate(counts); });
    if (!done) throw IoError(path_ + ": cannot cut its tables: the file could not be written");
    for (const auto& [table, count] : counts) inbox_.set_rows(table, count);
}

void TableWriter::finish() {
    Outcome outcome = Outcome::held;
    until_free([&] {
        outcome = attempt();
        return outcome != Outcome::held;
    });
    if (outcome == Outcome::written) return sync_to_disk(path_);
    bool staged = false;
    executor_->run(Priority::log, [&] { staged = store_.has_staged(); });
    if (staged) write_pending();
}

void TableWriter::write_pending() {
    const std::string pending = pending_name(path_);
    std::uint64_t rows = 0;
    executor_->run(Priority::log, [&] {
        rows = store_.staged_rows();
        store_.write_pending(pending);
    });
    log::write(
        log::Level::warning, "io",
        fmt::format(
            "{}: {}; its last {} rows are in {}. A resume merges them; by hand: append each column of the "
            "one file to the column of the same name in the other",
            path_, failure_, rows, pending));
}

}  // namespace lockstep::io
