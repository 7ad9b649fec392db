#include <array>
#include <cmath>
#include <numbers>

#include <lockstep/core/error.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/math/kernels.h>

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

}  // namespace lockstep
