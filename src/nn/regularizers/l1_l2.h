#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/regularizer.h>

namespace lockstep {

/// Adds l1 sum |w| + l2 sum w^2. The gradient of |w| at 0 is 0.
class L1L2 final : public Regularizer {
public:
    struct Options {
        double l1 = 0.0;
        double l2 = 0.0;
    };
    /// Throws ConfigError unless both are finite and at least 0.
    explicit L1L2(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Regularizer> from_config(const Config& keys);

    std::string_view type() const override { return "l1_l2"; }
    Config config() const override;
    double penalty(std::span<const float> weights) const override;
    void add_gradient(std::span<const float> weights, std::span<float> gradient) const override;

private:
    Options options_;
};

}  // namespace lockstep
