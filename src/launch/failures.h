#pragma once

#include <exception>
#include <string>
#include <utility>

#include <lockstep/comm/session.h>

namespace lockstep {

/// Whether every rank throws this error when one does: the trainer sees to it for what the user can mend in
/// the job, and for divergence.
bool is_common(const std::exception& error);

/// Ends all ranks because of an error that may be of this rank alone, through MPI_Abort: the others may be
/// waiting for it. If many ranks come here, rank 0 speaks for all.
[[noreturn]] void abort_after(const Session& session, const std::exception& error);

/// Runs what communicates all the time (training, evaluation, prediction). Errors that all ranks have come
/// out as exceptions, others end the program.
template <typename Work>
auto compute(const Session& session, Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const std::exception& error) {
        if (session.size() == 1 || is_common(error)) throw;
        abort_after(session, error);
    }
}

/// Reports an error that all ranks have, on rank 0; the exit code.
int report_common(bool is_root, const std::exception& error);

}  // namespace lockstep
