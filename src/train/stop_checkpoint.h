#pragma once

#include <filesystem>

#include "callback_list.h"
#include "trainer_state.h"

namespace lockstep {

/// Collective, when training is suspended, before on_train_end, in which callbacks close their files. Writes
/// the checkpoint and notes why training stops. Weights that are not finite would only push out better ones:
/// they are not written, and training has diverged. Throws IoError.
void take_stop_checkpoint(Trainer::State& state, const std::filesystem::path& path,
                          const CallbackList& hooks);

/// On rank 0, after training: what an earlier stop has left is of no use if it ended well.
void remove_stop_checkpoint(const Trainer::State& state, const std::filesystem::path& path);

}  // namespace lockstep
