#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <lockstep/core/error.h>
#include <lockstep/io/append_file.h>
#include <lockstep/io/replace_file.h>
#include <lockstep/log/log.h>

#include "append_buffer.h"
#include "file_system.h"
#include "flush_timer.h"
#include "late_warning.h"
#include "output_file.h"

namespace lockstep::io {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& action) {
    throw IoError(path + ": cannot " + action + ": " + std::strerror(errno));
}

}  // namespace

struct AppendFile::State {
    std::string path;
    Options options;

    mutable std::mutex buffer_mutex;  // of the next two; never held while the disk works
    AppendBuffer buffer;
    std::uint64_t size = 0;  // of the file, once all is written

    std::mutex file_mutex;  // of what follows; locked before buffer_mutex
    AppendBuffer waiting;   // was buffered, is not in the file
    std::uint64_t written = 0;
    bool torn = false;    // part of an append may follow what is written
    std::string failure;  // why the last flush failed
    LateWarning late{path, options.warn_after};

    bool closed = false;
    std::optional<FlushTimer> timer;  // declared last: stopped before what it uses is gone

    State(std::string file, Options chosen) : path(std::move(file)), options(std::move(chosen)) {}

    void open();
    bool flush();
    bool write_waiting();
    bool failed(const char* action);
    void follow(std::uint64_t size_on_disk);
};

void AppendFile::State::open() {
    OutputFile file(path);
    if (!file.is_open()) fail(path, "open");
    written = size = std::min(file_size(path), options.keep);
    if (!file.cut(size)) fail(path, "cut");
}

bool AppendFile::State::flush() {
    const std::lock_guard file_lock(file_mutex);
    {
        const std::lock_guard lock(buffer_mutex);
        waiting.take(buffer);
    }
    if (!waiting.empty() && !write_waiting()) {
        late.wait(fmt::format("{} bytes", waiting.size()), failure);
        return false;
    }
    late.reset();
    return true;
}

/// What could be written leaves `waiting`, and what is torn leaves the file.
bool AppendFile::State::write_waiting() {
    OutputFile file(path);
    if (!file.is_open()) return failed("open");
    if (torn && !file.cut(written)) return failed("cut");
    torn = false;
    if (const auto size_on_disk = file.size()) follow(*size_on_disk);
    std::size_t done = 0;
    bool fits = true;
    while (fits && done < waiting.size()) {
        const std::size_t end = waiting.end_of_write(done, written);
        fits = file.write({waiting.data() + done, end - done}, written + done) || failed("write");
        if (fits) done = end;
    }
    if (!fits) torn = !file.cut(written + done);
    if (!file.close()) {
        torn = true;
        return failed("write");
    }
    written += done;
    waiting.drop_front(done);
    return fits;
}

/// False, for its caller to pass on.
bool AppendFile::State::failed(const char* action) {
    failure = fmt::format("cannot {}: {}", action, std::strerror(errno));
    return false;
}

/// Somebody may have cut the file, removed it, or written to it.
void AppendFile::State::follow(std::uint64_t size_on_disk) {
    const std::lock_guard lock(buffer_mutex);
    size = size - written + size_on_disk;
    written = size_on_disk;
}

AppendFile::AppendFile(std::string path, Options options)
    : state_(new State(std::move(path), std::move(options))) {
    state_->open();
    state_->timer.emplace(state_->options.flush_interval, [this, state = state_.get()] {
        if (state->options.fill) state->options.fill(*this);
        state->flush();
        return state->options.flush_interval;
    });
}

AppendFile::~AppendFile() {
    try {
        close();
    } catch (const std::exception& error) {
        log::write(log::Level::error, "io", error.what());
    }
}

const std::string& AppendFile::path() const {
    return state_->path;
}

void AppendFile::append(std::string_view bytes) {
    const std::lock_guard lock(state_->buffer_mutex);
    state_->buffer.append(bytes);
    state_->size += bytes.size();
}

std::uint64_t AppendFile::size() const {
    const std::lock_guard lock(state_->buffer_mutex);
    return state_->size;
}

void AppendFile::flush_soon() {
    if (state_->timer) state_->timer->ring();
}

bool AppendFile::flush() {
    return state_->flush();
}

void AppendFile::rewrite(std::string_view bytes) {
    const std::lock_guard file_lock(state_->file_mutex);
    replace_file(state_->path, bytes);
    const std::lock_guard lock(state_->buffer_mutex);
    state_->buffer.clear();
    state_->waiting.clear();
    state_->written = state_->size = bytes.size();
}

void AppendFile::close() {
    if (std::exchange(state_->closed, true)) return;
    state_->timer.reset();
    if (state_->options.fill) state_->options.fill(*this);
    if (!state_->flush())
        throw IoError(fmt::format("{}: its last {} bytes are lost: {}", state_->path, state_->waiting.size(),
                                  state_->failure));
    sync_to_disk(state_->path);
}

}  // namespace lockstep::io
