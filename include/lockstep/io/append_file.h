#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace lockstep::io {

/// A file that grows at its end and that others may read at any time: CSV, JSON lines, TensorBoard's events.
///
/// What is appended is buffered, and written by a thread of its own at the latest after `flush_interval`: the
/// caller never waits for the disk, and a kill loses what was appended since then at most. append() may be
/// called from any thread.
///
/// The file holds whole appends only. One exception is out of reach: the kernel carries an append across a
/// page of 4 KiB in two steps, so that a reader or a kill that comes within this fraction of a microsecond
/// finds it cut. Whoever opens the file again passes as `keep` what he trusts.
///
/// If the disk is full, the bytes wait in memory, with one warning. The file is opened for each flush: other
/// hosts of a network file system then see it, and if somebody cut, removed or wrote to it, it goes on at its
/// new end.
class AppendFile {
public:
    static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

    struct Options {
        std::chrono::milliseconds flush_interval{2000};
        std::chrono::milliseconds warn_after{30000};  // bytes that waited so long get one warning
        std::uint64_t keep = 0;                       // so many bytes of an existing file stay; kAll: all
        /// Called before the writing thread writes, and by close(): appends what the owner has kept back. It
        /// must not throw.
        std::function<void(AppendFile&)> fill = {};
    };

    /// Creates or opens the file at once. A file with less than `keep` bytes stays as it is. Throws IoError.
    AppendFile(std::string path, Options options);
    /// close(), but an error is only logged.
    ~AppendFile();
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;

    const std::string& path() const;

    void append(std::string_view bytes);
    /// Bytes of the file, buffered ones included.
    std::uint64_t size() const;

    /// Writes what is buffered now, on the writing thread; returns at once.
    void flush_soon();

    /// Writes what is buffered, now, on the calling thread's time. False if it could not be written; it is
    /// kept for the next flush.
    bool flush();

    /// Replaces all of the file, and what is buffered, by `bytes`, under its name only when they are complete
    /// and on the disk. Throws IoError; the old content stays then.
    void rewrite(std::string_view bytes);

    /// Flushes, waits for the disk and stops; nothing may be appended afterwards. Throws IoError if something
    /// could not be written; it is lost then.
    void close();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lockstep::io
