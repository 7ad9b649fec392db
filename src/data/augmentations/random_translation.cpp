#include <lockstep/data/augmentations/random_translation.h>

namespace lockstep {

Shape RandomTranslation::build(const Shape& input) {
    size_ = ImageSize::of(input);
    return input;
}

void RandomTranslation::apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) {
    const auto drawn = draws.uniform();
    const double down = options_.height_factor.at(drawn[0]) * static_cast<double>(size_.height);
    const double right = options_.width_factor.at(drawn[1]) * static_cast<double>(size_.width);
    resample(options_.resampling, size_, {.top = {1.0, 0.0, -down}, .left = {0.0, 1.0, -right}}, from, to);
}

const TypeHelp& RandomTranslation::help() {
    static const TypeHelp help = [] {
        TypeHelp made{.summary = "shifts images",
                      .keys = {{"height_factor", "required",
                                "range of the shift down, as a part of the height: [lower, upper], or f for "
                                "[-f, f]"},
                               {"width_factor", "required",
                                "range of the shift to the right, as a part of the width: likewise"}}};
        made.keys.insert(made.keys.end(), resampling_help().begin(), resampling_help().end());
        return made;
    }();
    return help;
}

std::unique_ptr<Augmentation> RandomTranslation::from_config(const Config& keys) {
    return std::make_unique<RandomTranslation>(
        Options{.height_factor = FactorRange::read(keys, "height_factor"),
                .width_factor = FactorRange::read(keys, "width_factor"),
                .resampling = read_resampling(keys)});
}

}  // namespace lockstep
