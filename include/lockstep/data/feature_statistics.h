#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <lockstep/core/matrix_view.h>
#include <lockstep/data/feature_scaling.h>

namespace lockstep {

/// Number, means and variances of samples, feature by feature, in double precision. Parts that ranks gathered
/// from different samples are merged: counts, means and sums of squared deviations as in Chan, Golub and
/// LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
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

    std::span<const double> means() const { return mean_; }
    /// Without Bessel's correction.
    std::vector<double> variances() const;
    /// Throws DataError naming the first feature that has NaN or infinite values, and if there are no
    /// samples.
    void require_finite() const;

    /// `kind`: "standard" (mean 0, standard deviation 1) or "minmax" (0 to 1). A constant feature becomes
    /// value - mean (factor 1); its index is added to `constant`, for a warning. Throws ConfigError for
    /// another kind, and as require_finite() does.
    FeatureScaling scaling(std::string_view kind, std::vector<std::size_t>& constant) const;

private:
    std::uint64_t count_ = 0;
    std::vector<double> mean_, squares_, minimum_, maximum_;
};

}  // namespace lockstep
