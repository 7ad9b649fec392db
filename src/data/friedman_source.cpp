#include <array>
#include <cmath>
#include <numbers>

#include <lockstep/core/construct.h>
#include <lockstep/core/error.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/math/kernels.h>

#include "source_keys.h"

namespace lockstep {

namespace {

constexpr std::size_t kRelevant = 5;

double response(std::span<const float> x) {
    const double away = static_cast<double>(x[2]) - 0.5;
    return 10.0 * std::sin(std::numbers::pi * static_cast<double>(x[0]) * static_cast<double>(x[1])) +
           20.0 * away * away + 10.0 * static_cast<double>(x[3]) + 5.0 * static_cast<double>(x[4]);
}

}  // namespace

FriedmanSource::FriedmanSource(const Options& options)
    : options_(options),
      random_(options.seed, Purpose::synthetic_data, options.stream),
      input_shape_{options.features},
      features_(options.features) {
    if (options.features < kRelevant)
        throw ConfigError("friedman: expected at least 5 features, got " + std::to_string(options.features));
    if (!(options.noise >= 0.0))
        throw ConfigError("friedman: expected noise of at least 0, got " + std::to_string(options.noise));
}

void FriedmanSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    const std::uint64_t after_features = (options_.features + 3) / 4 * 4;  // draws come in fours
    for (std::size_t row = 0; row < indices.size(); ++row) {
        random_.uniform(indices[row], 0, features_);
        if (!out.targets.empty()) {
            std::array<float, 1> noise;
            random_.normal(indices[row], after_features, noise);
            out.targets.row(row)[0] =
                static_cast<float>(response(features_) + options_.noise * static_cast<double>(noise[0]));
        }
        if (!out.inputs.empty()) math::scale(features_, options_.scale, out.inputs.row(row));
    }
}

const TypeHelp& FriedmanSource::help() {
    static const TypeHelp help{.summary = "synthetic regression (Friedman #1), without files",
                               .keys = {source_keys::kSamples,
                                        {"features", "10", "inputs; only the first 5 matter"},
                                        {"noise", "1", "standard deviation of the noise in the targets"},
                                        source_keys::kScale,
                                        source_keys::kSeed,
                                        source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> FriedmanSource::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<FriedmanSource>(keys, {.samples = source_keys::samples(keys),
                                                 .features = keys.get("features", defaults.features),
                                                 .noise = keys.get("noise", defaults.noise),
                                                 .scale = source_keys::scale(keys, 1.0),
                                                 .seed = keys.get<std::size_t>("seed", 0),
                                                 .stream = source_keys::stream(keys)});
}

}  // namespace lockstep
