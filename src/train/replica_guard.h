#pragma once

#include <vector>

#include "replica_check.h"
#include "trainer_state.h"

namespace lockstep {

/// Sees to what TrainerOptions::check_replicas says.
class ReplicaGuard {
public:
    explicit ReplicaGuard(Trainer::State& state);

    /// Collective, after each step. Throws Error if it is one to look at, and copies have drifted apart.
    void look() const;

private:
    Trainer::State& state_;
    std::vector<Replica> arrays_;  // of this rank's copy
};

}  // namespace lockstep
