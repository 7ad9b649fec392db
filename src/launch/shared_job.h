#pragma once

#include <filesystem>

#include <lockstep/comm/session.h>
#include <lockstep/launch/job.h>

#include "arguments.h"

namespace lockstep {

/// Collective. The job of a file, which rank 0 reads for all, with --set and --weights. Throws ConfigError.
Job read_shared_job(const Session& session, const std::filesystem::path& file, const Arguments& arguments);

}  // namespace lockstep
