#pragma once

#include <optional>
#include <string>
#include <vector>

#include <lockstep/comm/communicator.h>
#include <lockstep/train/trainer.h>

#include "step_engine.h"

namespace lockstep {

/// What asks fit from outside to stop, as rank 0 gets to know it: signals to any rank, and the deadline.
class StopRequests {
public:
    /// `ranks`: who runs where, for the reason.
    StopRequests(std::optional<Deadline> deadline, const std::vector<RankPlace>& ranks)
        : deadline_(std::move(deadline)), ranks_(ranks) {}

    /// On rank 0: what came to a rank, if anything did.
    void hear(StepEngine::RankSignal signal);
    /// Collective: what has come to any rank by now.
    void hear_all(const Communicator& world);

    /// On rank 0, which also looks at its own signals and its clock.
    bool is_asked();
    /// "SIGUSR1 on rank 2 (node07)"; empty if nobody asks.
    const std::string& reason() const { return reason_; }

private:
    std::optional<Deadline> deadline_;
    const std::vector<RankPlace>& ranks_;
    std::string reason_;
};

}  // namespace lockstep
