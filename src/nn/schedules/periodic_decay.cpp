#include <cmath>
#include <utility>

#include <lockstep/nn/schedules/periodic_decay.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "curves.h"

namespace lockstep {

PeriodicDecay::PeriodicDecay(const Options& options) : options_(options) {
    check_not_negative("initial_learning_rate", options_.initial_learning_rate);
    check_option(options_.decay_steps >= 1, "decay_steps", "at least 1", options_.decay_steps);
    check_not_negative("decay_rate", options_.decay_rate);
}

Config PeriodicDecay::config() const {
    return Config::table({{"initial_learning_rate", options_.initial_learning_rate},
                          {"decay_steps", options_.decay_steps},
                          {"decay_rate", options_.decay_rate},
                          {"staircase", options_.staircase}});
}

double PeriodicDecay::decays(std::int64_t step) const {
    const double periods = quotient(step, options_.decay_steps);
    return options_.staircase ? std::floor(periods) : periods;
}

TypeHelp PeriodicDecay::help(std::string summary, std::string decay_rate) {
    return {.summary = std::move(summary),
            .keys = {{"initial_learning_rate", "required", "the rate at first"},
                     {"decay_steps", "required", "updates in which the rate decays once"},
                     {"decay_rate", "required", std::move(decay_rate)},
                     {"staircase", "false", "decay at once, every decay_steps updates"}}};
}

PeriodicDecay::Options PeriodicDecay::read_options(const Config& keys) {
    const Options defaults;
    return {.initial_learning_rate = keys.get<double>("initial_learning_rate"),
            .decay_steps = keys.get<std::int64_t>("decay_steps"),
            .decay_rate = keys.get<double>("decay_rate"),
            .staircase = keys.get("staircase", defaults.staircase)};
}

}  // namespace lockstep
