#pragma once

#include <vector>

#include <lockstep/core/matrix_view.h>

namespace lockstep {

/// An affine map per feature: scaled = value * factor + offset.
struct FeatureScaling {
    std::vector<float> factor;
    std::vector<float> offset;

    /// In place, [rows, features]. Throws ShapeError for another number of features.
    void apply(Matrix values) const;
    /// In place, back to the user's units: (scaled - offset) / factor. Throws ShapeError for another number
    /// of features.
    void undo(Matrix values) const;

    bool operator==(const FeatureScaling&) const = default;
};

}  // namespace lockstep
