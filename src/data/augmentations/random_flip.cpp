#include <algorithm>

#include <lockstep/data/augmentations/random_flip.h>

namespace lockstep {

namespace {

void copy_mirrored(std::span<const float> row, std::size_t channels, std::span<float> to) {
    for (std::size_t pixel = 0; pixel < row.size(); pixel += channels)
        std::ranges::copy(row.subspan(pixel, channels), to.subspan(row.size() - pixel - channels).begin());
}

}  // namespace

Shape RandomFlip::build(const Shape& input) {
    size_ = ImageSize::of(input);
    return input;
}

void RandomFlip::apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) {
    const auto drawn = draws.uniform();
    const bool mirrors = options_.horizontal && drawn[0] < 0.5F;
    const bool turns = options_.vertical && drawn[1] < 0.5F;
    const std::size_t length = size_.row();
    for (std::size_t line = 0; line < size_.height; ++line) {
        const auto row = from.subspan(line * length, length);
        const auto target = to.subspan((turns ? size_.height - 1 - line : line) * length, length);
        if (mirrors)
            copy_mirrored(row, size_.channels, target);
        else
            std::ranges::copy(row, target.begin());
    }
}

const TypeHelp& RandomFlip::help() {
    static const TypeHelp help{.summary = "mirrors images, each with a chance of one half",
                               .keys = {{"mode", "horizontal_and_vertical",
                                         "\"horizontal\" (left to right), \"vertical\" (upside down) or "
                                         "\"horizontal_and_vertical\" (each for itself)"}}};
    return help;
}

std::unique_ptr<Augmentation> RandomFlip::from_config(const Config& keys) {
    const auto mode = keys.get<std::string>("mode", "horizontal_and_vertical");
    const bool both = mode == "horizontal_and_vertical";
    if (!both && mode != "horizontal" && mode != "vertical")
        keys.at("mode").fail("expected \"horizontal\", \"vertical\" or \"horizontal_and_vertical\", got \"" +
                             mode + "\"");
    return std::make_unique<RandomFlip>(
        Options{.horizontal = both || mode == "horizontal", .vertical = both || mode == "vertical"});
}

}  // namespace lockstep
