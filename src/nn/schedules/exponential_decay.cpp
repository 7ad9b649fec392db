#include <cmath>

#include <lockstep/core/construct.h>
#include <lockstep/nn/schedules/exponential_decay.h>

namespace lockstep {

double ExponentialDecay::rate(std::int64_t step) const {
    return initial_learning_rate() * std::pow(decay_rate(), decays(step));
}

const TypeHelp& ExponentialDecay::help() {
    static const TypeHelp help =
        PeriodicDecay::help("times a factor every so many updates", "the factor of each decay");
    return help;
}

std::unique_ptr<Schedule> ExponentialDecay::from_config(const Config& keys) {
    return construct_from<ExponentialDecay>(keys, read_options(keys));
}

}  // namespace lockstep
