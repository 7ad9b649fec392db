#pragma once

#include <cstdint>
#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// What ExponentialDecay and InverseTimeDecay have in common: a rate that decays once in decay_steps updates.
class PeriodicDecay : public Schedule {
public:
    struct Options {
        double initial_learning_rate = 0.0;
        std::int64_t decay_steps = 0;
        double decay_rate = 0.0;
        bool staircase = false;
    };

    /// Throws ConfigError unless initial_learning_rate and decay_rate are >= 0 and decay_steps >= 1.
    explicit PeriodicDecay(const Options& options);

    Config config() const override;

protected:
    /// `decay_rate`: what this key means.
    static TypeHelp help(std::string summary, std::string decay_rate);
    static Options read_options(const Config& keys);

    double initial_learning_rate() const { return options_.initial_learning_rate; }
    double decay_rate() const { return options_.decay_rate; }

    /// step / decay_steps, rounded down if `staircase`.
    double decays(std::int64_t step) const;

private:
    Options options_;
};

}  // namespace lockstep
