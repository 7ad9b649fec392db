#include "failures.h"

#include <chrono>
#include <thread>

#include <lockstep/core/error.h>
#include <lockstep/log/log.h>
#include <lockstep/log/setup.h>

namespace lockstep {
namespace {

ExitCode code_of(const std::exception& error) {
    const auto* ours = dynamic_cast<const Error*>(&error);
    return ours != nullptr ? ours->exit_code() : ExitCode::failure;
}

}  // namespace

bool is_common(const std::exception& error) {
    const ExitCode code = code_of(error);
    return code == ExitCode::usage || code == ExitCode::diverged;
}

void abort_after(const Session& session, const std::exception& error) {
    // MPI_Abort of rank 0 reaches the others while they sleep, if it has the error too.
    if (!session.is_root()) std::this_thread::sleep_for(std::chrono::seconds(2));
    session.abort(std::string(error.what()) + " (rank " + std::to_string(session.rank()) + " on " +
                      session.host() + ")",
                  code_of(error));
}

int report_common(bool is_root, const std::exception& error) {
    if (is_root) log::error("{}", error.what());
    log::flush();
    return static_cast<int>(code_of(error));
}

}  // namespace lockstep
