#include <algorithm>

#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/cosine_decay.h>

#include "../number_checks.h"
#include "../option_check.h"
#include "curves.h"

namespace lockstep {

CosineDecay::CosineDecay(Options options) : options_(std::move(options)) {
    check_not_negative("initial_learning_rate", options_.initial_learning_rate);
    check_option(options_.decay_steps >= 1, "decay_steps", "at least 1", options_.decay_steps);
    check_not_negative("alpha", options_.alpha);
    check_option(options_.warmup_steps >= 0, "warmup_steps", "at least 0", options_.warmup_steps);
    check_option(options_.warmup_steps == 0 || options_.warmup_target, "warmup_steps",
                 "0, or a warmup_target too", options_.warmup_steps);
    if (options_.warmup_target) check_not_negative("warmup_target", *options_.warmup_target);
}

Config CosineDecay::config() const {
    Config config = Config::table({{"initial_learning_rate", options_.initial_learning_rate},
                                   {"decay_steps", options_.decay_steps},
                                   {"alpha", options_.alpha},
                                   {"warmup_steps", options_.warmup_steps}});
    if (options_.warmup_target) config.set("warmup_target", *options_.warmup_target);
    return config;
}

double CosineDecay::rate(std::int64_t step) const {
    const double initial = options_.initial_learning_rate;
    const double top = options_.warmup_target.value_or(initial);
    if (step < options_.warmup_steps)
        return initial + (top - initial) * quotient(step, options_.warmup_steps);
    const double part = quotient(step - options_.warmup_steps, options_.decay_steps);
    return top * ((1.0 - options_.alpha) * half_cosine(std::min(part, 1.0)) + options_.alpha);
}

const TypeHelp& CosineDecay::help() {
    static const TypeHelp help{
        .summary = "along a half cosine, after a linear warmup if there is one",
        .keys = {{"initial_learning_rate", "required", "the rate at first"},
                 {"decay_steps", "required", "updates until the last rate, after the warmup"},
                 {"alpha", "0.0", "part of the highest rate that is the last one"},
                 {"warmup_target", "none", "the rate at the end of a warmup"},
                 {"warmup_steps", "0", "updates of the warmup"}}};
    return help;
}

std::unique_ptr<Schedule> CosineDecay::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<CosineDecay>(keys,
                                       {.initial_learning_rate = keys.get<double>("initial_learning_rate"),
                                        .decay_steps = keys.get<std::int64_t>("decay_steps"),
                                        .alpha = keys.get("alpha", defaults.alpha),
                                        .warmup_target = keys.get_optional<double>("warmup_target"),
                                        .warmup_steps = keys.get("warmup_steps", defaults.warmup_steps)});
}

}  // namespace lockstep
