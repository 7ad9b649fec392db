#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/data/augmentation.h>
#include <lockstep/data/augmentations/image_size.h>

namespace lockstep {

/// Cuts out a rectangle; all places where it fits are equally likely. With `padding` the image first gets a
/// frame of `fill_value` on all four sides: padding 4 and the size of the image is the usual recipe for
/// CIFAR-10.
///
///     [height, width, channels] -> [options.height, options.width, channels]
class RandomCrop final : public Augmentation {
public:
    struct Options {
        std::size_t height = 0;
        std::size_t width = 0;
        std::size_t padding = 0;  // pixels on each side
        double fill_value = 0.0;  // of the padding
    };

    /// Throws ConfigError if height or width is 0.
    explicit RandomCrop(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Augmentation> from_config(const Config& keys);

    /// Throws ShapeError if the image with its padding is smaller than the rectangle.
    Shape build(const Shape& input) override;
    void apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) override;

private:
    Options options_;
    ImageSize size_;
};

}  // namespace lockstep
