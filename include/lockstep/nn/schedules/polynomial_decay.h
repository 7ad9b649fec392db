#pragma once

#include <cstdint>
#include <memory>

#include <lockstep/core/registry.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// With p = min(step / decay_steps, 1):
///
///     rate = (initial_learning_rate - end_learning_rate) * (1 - p) ^ power + end_learning_rate
///
/// With `cycle` p = step / (decay_steps * n), where n >= 1 is the smallest number that gives p <= 1.
class PolynomialDecay final : public Schedule {
public:
    struct Options {
        double initial_learning_rate = 0.0;
        std::int64_t decay_steps = 0;
        double end_learning_rate = 0.0001;
        double power = 1.0;
        bool cycle = false;
    };

    /// Throws ConfigError unless rates and power are >= 0 and decay_steps >= 1.
    explicit PolynomialDecay(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "polynomial_decay"; }
    Config config() const override;
    double rate(std::int64_t step) const override;

private:
    Options options_;
};

}  // namespace lockstep
