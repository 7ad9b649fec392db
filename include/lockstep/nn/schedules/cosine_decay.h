#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <lockstep/core/registry.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// A half cosine, after a linear warmup if there is one (Loshchilov and Hutter, "SGDR", ICLR 2017; Goyal et
/// al., arXiv:1706.02677, 2017):
///
///     step < warmup_steps   initial + (warmup_target - initial) * step / warmup_steps
///     then, with p = min((step - warmup_steps) / decay_steps, 1)
///                           top * ((1 - alpha) * (1 + cos(pi p)) / 2 + alpha)
///
/// where initial is initial_learning_rate and top is warmup_target, or initial without warmup.
class CosineDecay final : public Schedule {
public:
    struct Options {
        double initial_learning_rate = 0.0;
        std::int64_t decay_steps = 0;
        double alpha = 0.0;
        std::optional<double> warmup_target = {};
        std::int64_t warmup_steps = 0;
    };

    /// Throws ConfigError unless rates, alpha and warmup_steps are >= 0, decay_steps >= 1, and warmup_steps >
    /// 0 goes with a warmup_target.
    explicit CosineDecay(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "cosine_decay"; }
    Config config() const override;
    double rate(std::int64_t step) const override;

private:
    Options options_;
};

}  // namespace lockstep
