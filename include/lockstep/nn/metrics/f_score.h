#pragma once

#include <optional>

#include <lockstep/core/registry.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// F = (1 + beta^2) TP / ((1 + beta^2) TP + beta^2 FN + FP) of each class, the weighted harmonic mean of
/// precision and recall, and the average over the classes; 0 for a class that is neither predicted nor there.
/// Keras' default, no average, is not one number.
///
/// The predicted class is where the largest output is; with `threshold`, all outputs above it are
/// predicted. Targets are 0 or 1 for each output, or one class number. State: TP, FP and FN of each class,
/// and the number of samples.
class FBetaScore : public Metric {
public:
    struct Options {
        /// "macro": the mean over classes; "weighted": by the weight of the samples of the class; "micro":
        /// F of the sums over the classes.
        std::string average = "macro";
        double beta = 1.0;
        std::optional<double> threshold;
    };

    /// Throws ConfigError unless average is one of the above, beta > 0 and 0 < threshold <= 1.
    explicit FBetaScore(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "fbeta_score"; }
    Config config() const override;
    /// Throws ShapeError unless targets are as above, and if there is one output but no threshold.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return 3 * classes_ + 1; }
    /// Throws DataError if a class number is none.
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return false; }

private:
    double score(double hits, double false_positives, double false_negatives) const;

    Options options_;
    std::size_t classes_ = 0;
};

/// FBetaScore with beta = 1.
class F1Score final : public FBetaScore {
public:
    explicit F1Score(Options options) : FBetaScore(std::move(options)) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "f1_score"; }
    Config config() const override;
};

}  // namespace lockstep
