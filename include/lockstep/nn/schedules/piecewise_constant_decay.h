#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/schedule.h>

namespace lockstep {

/// values[0] for step <= boundaries[0], values[1] for step <= boundaries[1], ..., and after the last
/// boundary the last value.
class PiecewiseConstantDecay final : public Schedule {
public:
    struct Options {
        std::vector<std::int64_t> boundaries = {};
        std::vector<double> values = {};
    };

    /// Throws ConfigError unless boundaries increase and there is one value more than boundaries, each
    /// >= 0.
    explicit PiecewiseConstantDecay(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Schedule> from_config(const Config& keys);

    std::string_view type() const override { return "piecewise_constant_decay"; }
    Config config() const override;
    double rate(std::int64_t step) const override;

private:
    Options options_;
};

}  // namespace lockstep
