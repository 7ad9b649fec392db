#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/inverse_time_decay.h>

namespace lockstep {

double InverseTimeDecay::rate(std::int64_t step) const {
    return initial_learning_rate() / (1.0 + decay_rate() * decays(step));
}

const TypeHelp& InverseTimeDecay::help() {
    static const TypeHelp help = PeriodicDecay::help("divided by a number that grows with the updates",
                                                     "what each decay adds to the divisor");
    return help;
}

std::unique_ptr<Schedule> InverseTimeDecay::from_config(const Config& keys) {
    return construct_from<InverseTimeDecay>(keys, read_options(keys));
}

}  // namespace lockstep
