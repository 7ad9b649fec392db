#pragma once

#include <lockstep/nn/metrics/confusion_matrix.h>

namespace lockstep {

/// Cohen's kappa, 1 - sum of d O / sum of d E over the confusion matrix: O are the samples, E those of a
/// prediction by chance with the same sums of rows and columns, and d is the distance of the classes i and j:
/// 1 unless i = j, |i - j| ("linear") or (i - j)^2 ("quadratic"). 0 if there is one class alone.
class CohenKappa final : public ConfusionMatrixMetric {
public:
    struct Options {
        std::string weightage = "none";
        ConfusionMatrixMetric::Options matrix;
    };

    /// Throws ConfigError unless weightage is one of the above.
    explicit CohenKappa(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "cohen_kappa"; }
    Config config() const override;

private:
    double of_counts(const Counts& counts) const override;
    double distance(std::size_t i, std::size_t j) const;

    std::string weightage_;
};

/// Matthews' correlation coefficient, of several classes as in Gorodkin, Comparing two K-category assignments
/// by a K-category correlation coefficient, 2004: the correlation of predicted and actual classes. 0 if one
/// of them is always the same.
class MatthewsCorrelationCoefficient final : public ConfusionMatrixMetric {
public:
    explicit MatthewsCorrelationCoefficient(Options options) : ConfusionMatrixMetric(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "matthews_correlation_coefficient"; }

private:
    double of_counts(const Counts& counts) const override;
};

}  // namespace lockstep
