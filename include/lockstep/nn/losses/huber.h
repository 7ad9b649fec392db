#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// With e = output - target: e^2 / 2 where |e| <= delta, else delta |e| - delta^2 / 2; the mean over the
/// features of a sample. (Huber, 1964)
class Huber final : public RowLoss {
public:
    struct Options {
        double delta = 1.0;
    };

    /// Throws ConfigError unless delta > 0.
    explicit Huber(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "huber"; }
    Config config() const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;

private:
    Options options_;
};

}  // namespace lockstep
