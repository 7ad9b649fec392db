#pragma once

#include <filesystem>

#include <lockstep/core/config.h>

#include "trainer_state.h"

namespace lockstep {

/// On rank 0: where training is, what is unfinished of the epoch at hand, and what hooks wished, as a
/// checkpoint keeps it.
Config position_config(Trainer::State& state);

/// On every rank: all of it but what is of callbacks. Throws DataError naming `path` if the numbers are of
/// another loss or other metrics.
void restore_position(Trainer::State& state, const Config& place, const std::filesystem::path& path);

}  // namespace lockstep
