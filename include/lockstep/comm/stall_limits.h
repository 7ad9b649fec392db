#pragma once

namespace lockstep {

/// After how many seconds a rank counts as stalled; 0: never.
struct StallLimits {
    double heartbeat = 60;  // without a sign of life: its process was stopped, or swapped out
    double stall = 600;     // alive, and without progress: no new step or phase, nothing received
};

}  // namespace lockstep
