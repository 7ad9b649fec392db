#pragma once

#include <cstdint>

#include "callback_list.h"
#include "trainer_state.h"

namespace lockstep {

/// Where in its data training begins, or goes on. `pass_batches`: of a pass; `leaves_rest`: whether an epoch
/// may end within a pass, and the next one goes on there. Throws DataError.
void find_place_in_data(Trainer::State& state, std::uint64_t pass_batches, bool leaves_rest);

/// Collective, on a trainer that may have been restored from a checkpoint: callbacks and records get back
/// what they had. True if so; if not, an epoch begins.
bool resume(Trainer::State& state, CallbackList& hooks);

}  // namespace lockstep
