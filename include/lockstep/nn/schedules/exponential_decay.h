#pragma once

#include <cstdint>
#include <memory>

#include <lockstep/nn/schedules/periodic_decay.h>

namespace lockstep {

/// rate = initial_learning_rate * decay_rate ^ (step / decay_steps); the quotient rounded down if
/// `staircase`.
class ExponentialDecay final : public PeriodicDecay {
public:
    /// Throws ConfigError as PeriodicDecay does.
    explicit ExponentialDecay(const Options& options) : PeriodicDecay(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "exponential_decay"; }
    double rate(std::int64_t step) const override;
};

}  // namespace lockstep
