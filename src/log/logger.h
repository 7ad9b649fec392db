#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include <spdlog/sinks/sink.h>

#include <lockstep/log/options.h>

#include "format.h"

namespace lockstep::log {

/// Which lines of this process go where, for one set of options. Any thread may use it.
class Logger {
public:
    /// Throws IoError if options.files and the file cannot be opened.
    Logger(Options options, const Identity& identity, const std::shared_ptr<const Progress>& progress);

    /// Whether `level` reaches the level asked of `module`.
    bool passes(Level level, std::string_view module) const;
    /// Whether the console has lines of this level from this rank.
    bool shows(Level level) const;
    bool has_file() const { return file_ != nullptr; }

    void to_console(Level level, std::string_view module, std::string_view text);
    /// A file that cannot be written any more is given up with one warning: training goes on.
    void to_file(Level level, std::string_view module, std::string_view text);
    void flush() noexcept;

private:
    void give_up_file(std::string_view reason);

    Options options_;
    bool chosen_;   // by options.ranks
    Level lowest_;  // no module asks for less
    std::shared_ptr<spdlog::sinks::sink> console_;
    std::shared_ptr<spdlog::sinks::sink> file_;
    std::atomic<bool> file_failed_ = false;
};

}  // namespace lockstep::log
