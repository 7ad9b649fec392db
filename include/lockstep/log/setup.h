#pragma once

#include <cstdint>

#include <lockstep/log/identity.h>
#include <lockstep/log/options.h>

namespace lockstep::log {

/// From now on lines are written as `options` say, by `identity`. Until the first call it is Options{} and
/// early_identity(). Throws IoError if the log file cannot be opened; what was in force then stays.
void configure(const Options& options, const Identity& identity);

/// The epoch and step, from 0, that JSON lines carry. Negative: none.
void set_progress(std::int64_t epoch, std::int64_t step);

/// Hands everything written to the operating system. From any thread, also while the process terminates;
/// not from a signal handler.
void flush() noexcept;

/// Writes what a MergeScope holds back, flushes, and closes the log file. Later lines still reach the
/// console.
void shutdown() noexcept;

}  // namespace lockstep::log
