#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "held_lines.h"
#include "logger.h"

namespace lockstep::log {

/// The log of this process, of which there is one as there is one standard error. Any thread may use it.
class ProcessLog {
public:
    ProcessLog();

    void configure(const Options& options, const Identity& identity);
    void set_identity(const Identity& identity);
    void close_file() noexcept;

    std::shared_ptr<Logger> logger() const;
    Progress& progress() { return *progress_; }

    /// True the first time it is asked for `key`.
    bool is_first(std::string_view key);

    void begin_holding();
    /// Keeps the line and returns true, if lines of its level are being held.
    bool hold(Level level, std::string_view module, std::string_view text);
    std::vector<HeldLine> take_held();
    std::vector<HeldLine> end_holding();

private:
    mutable std::mutex mutex_;
    Options options_;
    Identity identity_;
    std::shared_ptr<Progress> progress_;
    std::shared_ptr<Logger> logger_;
    std::set<std::string, std::less<>> keys_;
    bool holding_ = false;
    std::vector<HeldLine> held_;
};

ProcessLog& process_log();

}  // namespace lockstep::log
