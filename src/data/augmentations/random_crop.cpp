#include <algorithm>
#include <cmath>
#include <string>

#include <lockstep/core/construct.h>
#include <lockstep/data/augmentations/random_crop.h>

namespace lockstep {

namespace {

/// One of the places 0 to `room`, where the cut may begin in the padded image.
std::size_t place(float uniform, std::size_t room) {
    return static_cast<std::size_t>(static_cast<double>(uniform) * static_cast<double>(room + 1));
}

/// The part [first, first + count) of an axis that shows the image and not its frame: where it begins in the
/// cut and in the image, and how long it is.
struct Overlap {
    std::size_t in_cut, in_image, count;
};

Overlap overlap(std::size_t first, std::size_t count, std::size_t padding, std::size_t extent) {
    const std::size_t begin = std::clamp(first, padding, padding + extent);
    const std::size_t end = std::clamp(first + count, padding, padding + extent);
    return {begin - first, begin - padding, end - begin};
}

}  // namespace

RandomCrop::RandomCrop(Options options) : options_(options) {
    if (options_.height == 0 || options_.width == 0)
        throw ConfigError("random_crop: expected a height and a width of at least 1, got " +
                          std::to_string(options_.height) + " and " + std::to_string(options_.width));
    if (!std::isfinite(options_.fill_value)) throw ConfigError("random_crop: fill_value must be finite");
}

Shape RandomCrop::build(const Shape& input) {
    size_ = ImageSize::of(input);
    const std::size_t frame = 2 * options_.padding;
    if (size_.height + frame < options_.height || size_.width + frame < options_.width)
        throw ShapeError("random_crop: expected images of at least " + std::to_string(options_.height) +
                         " x " + std::to_string(options_.width) + ", got " + std::to_string(size_.height) +
                         " x " + std::to_string(size_.width) + " and " + std::to_string(options_.padding) +
                         " pixels of padding on each side");
    return {options_.height, options_.width, size_.channels};
}

void RandomCrop::apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) {
    const auto drawn = draws.uniform();
    const std::size_t frame = 2 * options_.padding;
    const std::size_t top = place(drawn[0], size_.height + frame - options_.height);
    const std::size_t left = place(drawn[1], size_.width + frame - options_.width);
    const Overlap lines = overlap(top, options_.height, options_.padding, size_.height);
    const Overlap columns = overlap(left, options_.width, options_.padding, size_.width);
    const std::size_t channels = size_.channels;

    if (options_.padding > 0) std::ranges::fill(to, static_cast<float>(options_.fill_value));
    for (std::size_t line = 0; line < lines.count; ++line) {
        const auto row = from.subspan((lines.in_image + line) * size_.row() + columns.in_image * channels,
                                      columns.count * channels);
        const std::size_t place = (lines.in_cut + line) * options_.width + columns.in_cut;
        std::ranges::copy(row, to.subspan(place * channels).begin());
    }
}

const TypeHelp& RandomCrop::help() {
    static const TypeHelp help{
        .summary = "cuts a rectangle out of images, anywhere in them or in the padding around",
        .keys = {{"height", "required", "of the rectangle, pixels"},
                 {"width", "required", "of the rectangle, pixels"},
                 {"padding", "0", "pixels that are first put around the image, on each side"},
                 {"fill_value", "0", "of the padding, in the units that the model sees"}}};
    return help;
}

std::unique_ptr<Augmentation> RandomCrop::from_config(const Config& keys) {
    return construct_from<RandomCrop>(keys, {.height = keys.get<std::size_t>("height"),
                                             .width = keys.get<std::size_t>("width"),
                                             .padding = keys.get<std::size_t>("padding", 0),
                                             .fill_value = keys.get<double>("fill_value", 0.0)});
}

}  // namespace lockstep
