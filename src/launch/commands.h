#pragma once

#include <lockstep/comm/session.h>
#include <lockstep/core/error.h>

#include "arguments.h"

namespace lockstep {

// The commands. Each returns its exit code, and throws Error for what is wrong with the job, the arguments or
// a file.

// Collective: all ranks run them, and what they throw before the network computes, all ranks throw.
ExitCode train_command(Session& session, const Arguments& arguments);
ExitCode evaluate_command(Session& session, const Arguments& arguments);
ExitCode predict_command(Session& session, const Arguments& arguments);

// On one process, without MPI.
ExitCode check_command(const Arguments& arguments);
ExitCode summary_command(const Arguments& arguments);
ExitCode list_command(const Arguments& arguments);
ExitCode inspect_command(const Arguments& arguments);
ExitCode export_command(const Arguments& arguments);
ExitCode doctor_command(const Arguments& arguments);

}  // namespace lockstep
