#include <string>

#include <lockstep/core/error.h>
#include <lockstep/data/feature_scaling.h>
#include <lockstep/math/kernels.h>

namespace lockstep {

namespace {

void require_features(std::size_t got, std::size_t expected) {
    if (got != expected)
        throw ShapeError("scaling: expected " + std::to_string(expected) + " features, got " +
                         std::to_string(got));
}

}  // namespace

void FeatureScaling::apply(Matrix values) const {
    require_features(values.columns(), factor.size());
    for (std::size_t row = 0; row < values.rows(); ++row)
        math::affine(values.row(row), factor, offset, values.row(row));
}

void FeatureScaling::undo(Matrix values) const {
    require_features(values.columns(), factor.size());
    for (std::size_t row = 0; row < values.rows(); ++row) {
        const std::span<float> features = values.row(row);
        for (std::size_t i = 0; i < features.size(); ++i) features[i] = (features[i] - offset[i]) / factor[i];
    }
}

}  // namespace lockstep
