#pragma once

#include <string_view>
#include <utility>

#include <fmt/core.h>

#include <lockstep/log/level.h>

// Log lines go to standard error, and with `files` to one file per rank. Standard output belongs to what
// was asked for (progress, tables, JSON): `lockstep evaluate --json > result.json` stays clean.
//
// Everything here may be called from any thread, at any time, also before MPI_Init and configure().
namespace lockstep::log {

/// Writes one line, if `level` is on for `module`. The console shows warnings and errors of every rank, and
/// the rest from rank 0 or the ranks that [log] chose; a log file holds all lines of its rank.
/// `module` is the part of the program that speaks ("comm", "train", ...): what `modules` in [log] refers to.
void write(Level level, std::string_view module, std::string_view text);

/// As write(), but the console shows it from every rank, whatever its level.
void write_every_rank(Level level, std::string_view module, std::string_view text);

/// As write(), but only the first time that this process uses `key`.
void once(std::string_view key, Level level, std::string_view text);

/// Whether write() would put such a line anywhere on this rank. Cheap when the answer is no.
bool is_on(Level level, std::string_view module);

/// Details for whoever looks for a fault. The arguments are formatted only if somebody will see them.
template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on(Level::debug, "main"))
        write(Level::debug, "main", fmt::format(format, std::forward<Args>(args)...));
}

/// What the user wants to know of a run; on the console from rank 0.
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    if (is_on(Level::info, "main"))
        write(Level::info, "main", fmt::format(format, std::forward<Args>(args)...));
}

/// What the user should look at; on the console from every rank. Inside a MergeScope (merge.h) the repeats
/// of many ranks become one line.
template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::warning, "main", fmt::format(format, std::forward<Args>(args)...));
}

/// What went wrong; on the console from every rank, at once.
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    write(Level::error, "main", fmt::format(format, std::forward<Args>(args)...));
}

/// An info line that the console shows from every rank.
template <typename... Args>
void every_rank(fmt::format_string<Args...> format, Args&&... args) {
    write_every_rank(Level::info, "main", fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace lockstep::log
