#pragma once

#include <filesystem>

#include <lockstep/core/error.h>
#include <lockstep/train/trainer.h>

namespace lockstep {

/// What the program ends with.
ExitCode exit_code(StopCause cause);

/// How training ended, and what to do if it is not over, in the log. `run`: its directory.
void tell_end(const Trainer& trainer, const History& history, const std::filesystem::path& run);

}  // namespace lockstep
