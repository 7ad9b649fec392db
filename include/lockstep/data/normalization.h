#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <lockstep/core/matrix_view.h>

namespace lockstep {

/// An affine map per feature: scaled = value * factor + offset.
struct Normalization {
    std::vector<float> factor;
    std::vector<float> offset;

    /// In place, [rows, features]. Throws ShapeError for another number of features.
    void apply(Matrix values) const;
    /// In place, back to the user's units: (scaled - offset) / factor. Throws ShapeError for another number
    /// of features.
    void undo(Matrix values) const;

    bool operator==(const Normalization&) const = default;
};

/// What "standard" (mean 0, standard deviation 1) and "minmax" (0 to 1) need to know of the data, in double
/// precision. Parts that ranks gathered from different samples are merged: counts, means and sums of squared
/// deviations as in Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances" (1979).
class FeatureStatistics {
public:
    explicit FeatureStatistics(std::size_t features);

    /// Takes in samples [rows, features]. Throws ShapeError for another number of features.
    void add(ConstMatrix values);
    /// Takes in what another one has seen. Throws ShapeError for another number of features.
    void merge(const FeatureStatistics& other);

    /// To send to another rank and back: 1 + 4 * features numbers. Throws ShapeError for another number.
    std::vector<double> serialize() const;
    static FeatureStatistics deserialize(std::span<const double> numbers);

    /// `kind`: "standard" or "minmax". A constant feature becomes value - mean (factor 1); its index is added
    /// to `constant`, for a warning. Throws ConfigError for another kind, DataError naming the feature if one
    /// has NaN or infinite values, and if there are no samples.
    Normalization normalization(std::string_view kind, std::vector<std::size_t>& constant) const;

private:
    std::uint64_t count_ = 0;
    std::vector<double> mean_, squares_, minimum_, maximum_;
};

}  // namespace lockstep
