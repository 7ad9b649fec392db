#include "common_keys.h"

#include <utility>

namespace lockstep {

TypeHelp optimizer_help(std::string summary, std::string learning_rate, std::vector<TypeHelp::Key> own) {
    std::vector<TypeHelp::Key> keys = std::move(own);
    keys.insert(keys.begin(), {"learning_rate", std::move(learning_rate),
                               "step size: a number, or a schedule (lockstep list schedules)"});
    keys.insert(
        keys.end(),
        {{"weight_decay", "none", "part of each weight, times the rate, that every update takes away"},
         {"clipnorm", "none", "largest norm of the gradient of each weight"},
         {"global_clipnorm", "none", "largest norm of all gradients together"},
         {"clipvalue", "none", "largest magnitude of each element of a gradient"},
         {"gradient_accumulation_steps", "1", "batches whose mean gradient makes one update"},
         {"use_ema", "false", "keep a running average of the weights"},
         {"ema_momentum", "0.99", "how much of the average stays at each update"},
         {"ema_overwrite_frequency", "never", "updates between copies of the average into the weights"}});
    return {.summary = std::move(summary), .keys = std::move(keys)};
}

}  // namespace lockstep
