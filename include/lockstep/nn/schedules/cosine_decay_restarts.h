#pragma once

#include <cstdint>
#include <memory>

#include <lockstep/core/registry.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// Half cosines one after the other (Loshchilov and Hutter, "SGDR", ICLR 2017). Period n = 0, 1, ... takes
/// first_decay_steps * t_mul^n updates; with p the part of it that is over:
///
///     rate = initial_learning_rate * ((1 - alpha) * m_mul^n * (1 + cos(pi p)) / 2 + alpha)
class CosineDecayRestarts final : public Schedule {
public:
    struct Options {
        double initial_learning_rate = 0.0;
        std::int64_t first_decay_steps = 0;
        double t_mul = 2.0;
        double m_mul = 1.0;
        double alpha = 0.0;
    };

    /// Throws ConfigError unless initial_learning_rate, m_mul and alpha are >= 0, first_decay_steps >= 1 and
    /// t_mul >= 1.
    explicit CosineDecayRestarts(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "cosine_decay_restarts"; }
    Config config() const override;
    double rate(std::int64_t step) const override;

private:
    Options options_;
};

}  // namespace lockstep
