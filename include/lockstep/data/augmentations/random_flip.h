#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/data/augmentation.h>
#include <lockstep/data/augmentations/image_size.h>

namespace lockstep {

/// Mirrors half of the images left to right, or upside down, or both independently of each other.
class RandomFlip final : public Augmentation {
public:
    struct Options {
        bool horizontal = true;  // left to right
        bool vertical = true;    // upside down
    };

    explicit RandomFlip(Options options) : options_(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Augmentation> from_config(const Config& keys);

    Shape build(const Shape& input) override;
    void apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) override;

private:
    Options options_;
    ImageSize size_;
};

}  // namespace lockstep
