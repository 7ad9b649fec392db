#include <cmath>
#include <numbers>

#include <lockstep/data/augmentations/random_rotation.h>

namespace lockstep {

Shape RandomRotation::build(const Shape& input) {
    size_ = ImageSize::of(input);
    return input;
}

void RandomRotation::apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) {
    const double angle = 2.0 * std::numbers::pi * options_.factor.at(draws.uniform()[0]);
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double y = (static_cast<double>(size_.height) - 1.0) / 2.0;
    const double x = (static_cast<double>(size_.width) - 1.0) / 2.0;
    // Lines count downwards: a pixel right of the centre comes from below it.
    const AffineMap points{.top = {cosine, sine, y - cosine * y - sine * x},
                           .left = {-sine, cosine, x + sine * y - cosine * x}};
    resample(options_.resampling, size_, points, from, to);
}

const TypeHelp& RandomRotation::help() {
    static const TypeHelp help = [] {
        TypeHelp made{.summary = "rotates images about their centre",
                      .keys = {{"factor", "required",
                                "range of the angle, counter-clockwise, as a part of a full turn: [lower, "
                                "upper], or f for [-f, f]"}}};
        made.keys.insert(made.keys.end(), resampling_help().begin(), resampling_help().end());
        return made;
    }();
    return help;
}

std::unique_ptr<Augmentation> RandomRotation::from_config(const Config& keys) {
    return std::make_unique<RandomRotation>(
        Options{.factor = FactorRange::read(keys, "factor"), .resampling = read_resampling(keys)});
}

}  // namespace lockstep
