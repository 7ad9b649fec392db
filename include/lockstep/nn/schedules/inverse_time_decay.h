#pragma once

#include <cstdint>
#include <memory>

#include <lockstep/nn/schedules/periodic_decay.h>

namespace lockstep {

/// rate = initial_learning_rate / (1 + decay_rate * step / decay_steps); the quotient step / decay_steps
/// rounded down if `staircase`.
class InverseTimeDecay final : public PeriodicDecay {
public:
    /// Throws ConfigError as PeriodicDecay does.
    explicit InverseTimeDecay(const Options& options) : PeriodicDecay(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "inverse_time_decay"; }
    double rate(std::int64_t step) const override;
};

}  // namespace lockstep
