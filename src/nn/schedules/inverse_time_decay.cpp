#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/inverse_time_decay.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "curves.h"

namespace lockstep {

InverseTimeDecay::InverseTimeDecay(Options options) : options_(std::move(options)) {
    check_not_negative("initial_learning_rate", options_.initial_learning_rate);
    check_option(options_.decay_steps >= 1, "decay_steps", "at least 1", options_.decay_steps);
    check_not_negative("decay_rate", options_.decay_rate);
}

Config InverseTimeDecay::config() const {
    return Config::table({{"initial_learning_rate", options_.initial_learning_rate},
                          {"decay_steps", options_.decay_steps},
                          {"decay_rate", options_.decay_rate},
                          {"staircase", options_.staircase}});
}

double InverseTimeDecay::rate(std::int64_t step) const {
    double periods = quotient(step, options_.decay_steps);
    if (options_.staircase) periods = std::floor(periods);
    return options_.initial_learning_rate / (1.0 + options_.decay_rate * periods);
}

const TypeHelp& InverseTimeDecay::help() {
    static const TypeHelp help{.summary = "divided by a number that grows with the updates",
                               .keys = {{"initial_learning_rate", "required", "the rate at first"},
                                        {"decay_steps", "required", "updates in which the rate decays once"},
                                        {"decay_rate", "required", "what each decay adds to the divisor"},
                                        {"staircase", "false", "decay at once, every decay_steps updates"}}};
    return help;
}

std::unique_ptr<Schedule> InverseTimeDecay::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<InverseTimeDecay>(
        keys, {.initial_learning_rate = keys.get<double>("initial_learning_rate"),
               .decay_steps = keys.get<std::int64_t>("decay_steps"),
               .decay_rate = keys.get<double>("decay_rate"),
               .staircase = keys.get("staircase", defaults.staircase)});
}

}  // namespace lockstep
