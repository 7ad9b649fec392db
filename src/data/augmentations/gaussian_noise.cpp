#include <cmath>
#include <string>

#include <lockstep/core/construct.h>
#include <lockstep/data/augmentations/gaussian_noise.h>

namespace lockstep {

AdditiveGaussianNoise::AdditiveGaussianNoise(Options options) : options_(options) {
    if (!(options_.stddev >= 0.0) || !std::isfinite(options_.stddev))
        throw ConfigError("gaussian_noise: expected a stddev of at least 0, got " +
                          std::to_string(options_.stddev));
}

Shape AdditiveGaussianNoise::build(const Shape& input) {
    return input;
}

void AdditiveGaussianNoise::apply(const SampleDraws& draws, std::span<const float> from,
                                  std::span<float> to) {
    draws.random.normal(draws.position, 0, to);
    const auto stddev = static_cast<float>(options_.stddev);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i] + stddev * to[i];
}

const TypeHelp& AdditiveGaussianNoise::help() {
    static const TypeHelp help{
        .summary = "adds normally distributed numbers of mean 0",
        .keys = {{"stddev", "required", "their standard deviation, in the units that the model sees"}}};
    return help;
}

std::unique_ptr<Augmentation> AdditiveGaussianNoise::from_config(const Config& keys) {
    return construct_from<AdditiveGaussianNoise>(keys, {.stddev = keys.get<double>("stddev")});
}

}  // namespace lockstep
