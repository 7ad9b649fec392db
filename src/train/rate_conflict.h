#pragma once

#include <string>

#include <lockstep/nn/schedule.h>

namespace lockstep {

/// Throws ConfigError: `who` sets the learning rate, which is the schedule's alone.
[[noreturn]] void refuse_to_set_rate(const std::string& who, const Schedule& schedule);

}  // namespace lockstep
