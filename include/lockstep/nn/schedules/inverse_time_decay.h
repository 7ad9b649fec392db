#pragma once

#include <cstdint>
#include <memory>

#include <lockstep/core/registry.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// rate = initial_learning_rate / (1 + decay_rate * step / decay_steps); the quotient step / decay_steps
/// rounded down if `staircase`.
class InverseTimeDecay final : public Schedule {
public:
    struct Options {
        double initial_learning_rate = 0.0;
        std::int64_t decay_steps = 0;
        double decay_rate = 0.0;
        bool staircase = false;
    };

    /// Throws ConfigError unless initial_learning_rate and decay_rate are >= 0 and decay_steps >= 1.
    explicit InverseTimeDecay(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "inverse_time_decay"; }
    Config config() const override;
    double rate(std::int64_t step) const override;

private:
    Options options_;
};

}  // namespace lockstep
