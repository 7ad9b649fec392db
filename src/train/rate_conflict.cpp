#include "rate_conflict.h"

#include <fmt/format.h>

#include <lockstep/core/error.h>

namespace lockstep {

void refuse_to_set_rate(const std::string& who, const Schedule& schedule) {
    throw ConfigError(fmt::format(
        "{} sets the learning rate, which follows the schedule \"{}\" of the optimizer; keep one of "
        "the two: with a number, such as learning_rate = 0.1, it can be set",
        who, schedule.type()));
}

}  // namespace lockstep
