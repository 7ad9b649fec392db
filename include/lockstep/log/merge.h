#pragma once

#include <span>
#include <string>

namespace lockstep::log {

/// Holds this rank's warnings back from the console, so that the same words from many ranks become one
/// line. Log files get them at once, and errors are never held. Collective by use, though it does not
/// communicate itself: every rank opens one, and the texts of take() are gathered on rank 0.
///
///     log::MergeScope scope;
///     check_this_machine();
///     const auto lines = gather_on_rank_0(scope.take());
///     if (rank == 0) log::write_merged(lines);
///
/// One at a time per process. If it ends without take(), an exception say, the lines are written as they are.
class MergeScope {
public:
    MergeScope();
    ~MergeScope();
    MergeScope(const MergeScope&) = delete;
    MergeScope& operator=(const MergeScope&) = delete;

    /// Ends the holding back and returns what was held, for write_merged().
    std::string take();
};

/// Writes what take() returned on each rank, element r from rank r, to the console: every distinct text once,
/// in the order of the first rank that has it, such as
///     /dev/shm is small (on 6 ranks: 0, 2-6)
/// Throws Error if an element is not what take() returned.
void write_merged(std::span<const std::string> per_rank);

/// Writes what is held back now, before an abort for example; the scope goes on holding.
void flush_pending() noexcept;

}  // namespace lockstep::log
