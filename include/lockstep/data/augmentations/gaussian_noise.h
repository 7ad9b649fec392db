#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/data/augmentation.h>

namespace lockstep {

/// Adds numbers of a normal distribution of mean 0 to samples of any shape.
class AdditiveGaussianNoise final : public Augmentation {
public:
    struct Options {
        double stddev = 0.1;
    };

    /// Throws ConfigError unless stddev is finite and at least 0.
    explicit AdditiveGaussianNoise(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Augmentation> from_config(const Config& keys);

    Shape build(const Shape& input) override;
    void apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) override;

private:
    Options options_;
};

}  // namespace lockstep
