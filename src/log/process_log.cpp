#include "process_log.h"

#include <utility>

namespace lockstep::log {

ProcessLog::ProcessLog()
    : identity_(early_identity()),
      progress_(std::make_shared<Progress>()),
      logger_(std::make_shared<Logger>(options_, identity_, progress_)) {}

void ProcessLog::configure(const Options& options, const Identity& identity) {
    auto fresh = std::make_shared<Logger>(options, identity, progress_);
    const std::lock_guard lock(mutex_);
    options_ = options;
    identity_ = identity;
    logger_ = std::move(fresh);
}

void ProcessLog::set_identity(const Identity& identity) {
    std::unique_lock lock(mutex_);
    const Options options = options_;
    lock.unlock();
    configure(options, identity);
}

void ProcessLog::close_file() noexcept {
    const std::lock_guard lock(mutex_);
    options_.files = false;
    logger_ = std::make_shared<Logger>(options_, identity_, progress_);
}

std::shared_ptr<Logger> ProcessLog::logger() const {
    const std::lock_guard lock(mutex_);
    return logger_;
}

bool ProcessLog::is_first(std::string_view key) {
    const std::lock_guard lock(mutex_);
    return keys_.emplace(key).second;
}

void ProcessLog::begin_holding() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
}

bool ProcessLog::hold(Level level, std::string_view module, std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (!holding_ || level != Level::warning) return false;
    add_line(held_, {level, std::string(module), std::string(text)});
    return true;
}

std::vector<HeldLine> ProcessLog::take_held() {
    const std::lock_guard lock(mutex_);
    return std::exchange(held_, {});
}

std::vector<HeldLine> ProcessLog::end_holding() {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    return std::exchange(held_, {});
}

ProcessLog& process_log() {
    static ProcessLog log;
    return log;
}

}  // namespace lockstep::log
