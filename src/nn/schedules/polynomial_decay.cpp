#include <algorithm>
#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/polynomial_decay.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "curves.h"

namespace lockstep {

PolynomialDecay::PolynomialDecay(Options options) : options_(std::move(options)) {
    check_not_negative("initial_learning_rate", options_.initial_learning_rate);
    check_option(options_.decay_steps >= 1, "decay_steps", "at least 1", options_.decay_steps);
    check_not_negative("end_learning_rate", options_.end_learning_rate);
    check_not_negative("power", options_.power);
}

Config PolynomialDecay::config() const {
    return Config::table({{"initial_learning_rate", options_.initial_learning_rate},
                          {"decay_steps", options_.decay_steps},
                          {"end_learning_rate", options_.end_learning_rate},
                          {"power", options_.power},
                          {"cycle", options_.cycle}});
}

double PolynomialDecay::rate(std::int64_t step) const {
    const double periods = quotient(step, options_.decay_steps);
    const double part = options_.cycle ? periods / std::max(std::ceil(periods), 1.0) : std::min(periods, 1.0);
    const double range = options_.initial_learning_rate - options_.end_learning_rate;
    return range * std::pow(1.0 - part, options_.power) + options_.end_learning_rate;
}

const TypeHelp& PolynomialDecay::help() {
    static const TypeHelp help{.summary = "along a power from one rate to another",
                               .keys = {{"initial_learning_rate", "required", "the rate at first"},
                                        {"decay_steps", "required", "updates until the last rate"},
                                        {"end_learning_rate", "0.0001", "the last rate"},
                                        {"power", "1.0", "1 for a straight line"},
                                        {"cycle", "false", "go up again after each decay_steps updates"}}};
    return help;
}

std::unique_ptr<Schedule> PolynomialDecay::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<PolynomialDecay>(
        keys, {.initial_learning_rate = keys.get<double>("initial_learning_rate"),
               .decay_steps = keys.get<std::int64_t>("decay_steps"),
               .end_learning_rate = keys.get("end_learning_rate", defaults.end_learning_rate),
               .power = keys.get("power", defaults.power),
               .cycle = keys.get("cycle", defaults.cycle)});
}

}  // namespace lockstep
