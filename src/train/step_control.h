#pragma once

#include <cstdint>

#include <lockstep/comm/control_channel.h>

namespace lockstep {

/// What rank 0 has decided of an attempt.
struct StepControl {
    enum class Action : std::uint32_t {
        proceed,
        stop,             // training is over: drop the attempt
        suspend,          // training goes on another day: drop it, and take a checkpoint
        weights_changed,  // drop it, install rank 0's weights, begin the same batch again
        failed,           // a hook threw: drop it, and everybody throws
    };

    Action action = Action::proceed;
    double learning_rate = 0;
};
static_assert(sizeof(StepControl) <= ControlChannel::kBytes);

}  // namespace lockstep
