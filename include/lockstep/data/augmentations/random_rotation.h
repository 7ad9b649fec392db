#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/data/augmentation.h>
#include <lockstep/data/augmentations/factor.h>
#include <lockstep/data/augmentations/resampling.h>

namespace lockstep {

/// Rotates images about their centre.
class RandomRotation final : public Augmentation {
public:
    struct Options {
        FactorRange factor;  // of a full turn, counter-clockwise where positive
        Resampling resampling = {};
    };

    explicit RandomRotation(const Options& options) : options_(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Augmentation> from_config(const Config& keys);

    Shape build(const Shape& input) override;
    void apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) override;

private:
    Options options_;
    ImageSize size_;
};

}  // namespace lockstep
