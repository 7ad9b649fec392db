#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/cosine_decay_restarts.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "curves.h"

namespace lockstep {
namespace {

struct Period {
    double number;
    double part;  // of it that is over
};

/// `time` is in units of the first period, each is `growth` times as long as the last. Counted rather than
/// taken from a logarithm, so that a period begins where it should.
Period growing_period(double time, double growth) {
    double number = 0.0, length = 1.0;
    while (time >= length) {
        time -= length;
        length *= growth;
        number += 1.0;
    }
    return {number, time / length};
}

}  // namespace

CosineDecayRestarts::CosineDecayRestarts(Options options) : options_(std::move(options)) {
    check_not_negative("initial_learning_rate", options_.initial_learning_rate);
    check_option(options_.first_decay_steps >= 1, "first_decay_steps", "at least 1",
                 options_.first_decay_steps);
    check_option(options_.t_mul >= 1.0 && std::isfinite(options_.t_mul), "t_mul", "a number of at least 1",
                 options_.t_mul);
    check_not_negative("m_mul", options_.m_mul);
    check_not_negative("alpha", options_.alpha);
}

Config CosineDecayRestarts::config() const {
    return Config::table({{"initial_learning_rate", options_.initial_learning_rate},
                          {"first_decay_steps", options_.first_decay_steps},
                          {"t_mul", options_.t_mul},
                          {"m_mul", options_.m_mul},
                          {"alpha", options_.alpha}});
}

double CosineDecayRestarts::rate(std::int64_t step) const {
    const double periods = quotient(step, options_.first_decay_steps);
    const auto [number, part] = options_.t_mul == 1.0
                                    ? Period{std::floor(periods), periods - std::floor(periods)}
                                    : growing_period(periods, options_.t_mul);
    const double height = std::pow(options_.m_mul, number);
    return options_.initial_learning_rate *
           ((1.0 - options_.alpha) * height * half_cosine(part) + options_.alpha);
}

const TypeHelp& CosineDecayRestarts::help() {
    static const TypeHelp help{
        .summary = "half cosines one after the other, each longer than the last",
        .keys = {{"initial_learning_rate", "required", "the rate at first"},
                 {"first_decay_steps", "required", "updates of the first period"},
                 {"t_mul", "2.0", "how much longer each period is than the last, at least 1"},
                 {"m_mul", "1.0", "factor of the highest rate from period to period"},
                 {"alpha", "0.0", "part of the first rate that is the lowest one"}}};
    return help;
}

std::unique_ptr<Schedule> CosineDecayRestarts::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<CosineDecayRestarts>(
        keys, {.initial_learning_rate = keys.get<double>("initial_learning_rate"),
               .first_decay_steps = keys.get<std::int64_t>("first_decay_steps"),
               .t_mul = keys.get("t_mul", defaults.t_mul),
               .m_mul = keys.get("m_mul", defaults.m_mul),
               .alpha = keys.get("alpha", defaults.alpha)});
}

}  // namespace lockstep
