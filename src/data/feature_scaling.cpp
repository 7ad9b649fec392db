#include <lockstep/data/feature_scaling.h>
#include <lockstep/math/kernels.h>

#include "feature_count.h"

namespace lockstep {

void FeatureScaling::apply(Matrix values) const {
    require_features("scaling", values.columns(), factor.size());
    for (std::size_t row = 0; row < values.rows(); ++row)
        math::affine(values.row(row), factor, offset, values.row(row));
}

void FeatureScaling::undo(Matrix values) const {
    require_features("scaling", values.columns(), factor.size());
    for (std::size_t row = 0; row < values.rows(); ++row) {
        const std::span<float> features = values.row(row);
        for (std::size_t i = 0; i < features.size(); ++i) features[i] = (features[i] - offset[i]) / factor[i];
    }
}

}  // namespace lockstep
