#pragma once

#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// Base of metrics that look at the outputs, in [0, 1], at many thresholds: 0, 1/(n-1), 2/(n-1), ..., 1 for n
/// thresholds, as in Keras. An output above a threshold predicts a 1; each target is 0 or 1, and there is one
/// for each output. Outputs beyond [0, 1] count as 0 or 1, and those that are not a number as 0.
///
/// State: the weight of the positives between two thresholds, that of the negatives, and the number of
/// samples. So the work of an update does not depend on the number of thresholds.
class ThresholdCurve : public Metric {
public:
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return 2 * num_thresholds_ + 1; }
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return false; }

protected:
    /// The weights of the outputs at one threshold.
    struct Point {
        double true_positives, false_positives, true_negatives, false_negatives;

        // Rates are 0 where nothing is counted.
        double recall() const;
        double precision() const;
        double specificity() const;
        double false_positive_rate() const;
    };

    /// Throws ConfigError unless there are at least 2 thresholds.
    explicit ThresholdCurve(std::size_t num_thresholds);

    /// The figure, of one point for each threshold, the lowest first.
    virtual double of_curve(const std::vector<Point>& points) const = 0;

    /// What is compared with the thresholds.
    virtual double probability(float output) const { return static_cast<double>(output); }
    /// Whether an output of 0 is above the lowest threshold.
    virtual bool lowest_takes_all() const { return false; }
    /// Which outputs take part: [first, first + count).
    virtual std::pair<std::size_t, std::size_t> columns(std::size_t outputs) const { return {0, outputs}; }

    std::size_t num_thresholds() const { return num_thresholds_; }
    static TypeHelp::Key num_thresholds_key();

private:
    std::size_t bucket(float output) const;

    std::size_t num_thresholds_;
};

}  // namespace lockstep
