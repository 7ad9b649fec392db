#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/random.h>
#include <lockstep/core/registry.h>
#include <lockstep/data/source.h>

namespace lockstep {

/// Friedman #1, a synthetic regression (Friedman, "Multivariate adaptive regression splines", 1991): inputs
/// uniform in [0, 1), y = 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5 + noise; further inputs do not
/// matter.
class FriedmanSource final : public Source {
public:
    struct Options {
        std::uint64_t samples = 0;
        std::size_t features = 10;
        double noise = 1.0;  // standard deviation
        float scale = 1.0F;  // of the inputs, after y was made from them
        std::uint64_t seed = 0;
        std::uint64_t stream = 0;  // other streams have other samples
    };

    /// Throws ConfigError if there are fewer than 5 features or the noise is negative.
    explicit FriedmanSource(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

    std::uint64_t size() const override { return options_.samples; }
    const Shape& input_shape() const override { return input_shape_; }
    const Shape& target_shape() const override { return target_shape_; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    std::string describe() const override { return "friedman"; }

private:
    Options options_;
    RandomStream random_;
    Shape input_shape_, target_shape_{1};
    mutable std::vector<float> features_;  // of one sample
};

}  // namespace lockstep
