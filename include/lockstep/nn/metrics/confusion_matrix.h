#pragma once

#include <optional>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// Base of metrics of a confusion matrix: the weight of the samples of class i (row) that are predicted to be
/// of class j (column). The last axis of the outputs has one value for each class, and the largest is
/// predicted; or one value, and there are two classes, the second above `threshold`. Targets are class
/// numbers, or one value for each class. With more axes (segmentation) each position counts like a sample.
///
/// State: the matrix, row by row.
class ConfusionMatrixMetric : public Metric {
public:
    struct Options {
        std::optional<std::size_t> num_classes;  // what the outputs say
        std::optional<int> ignore_class;         // targets of this number do not count
        double threshold = 0.5;
    };

    Config config() const override;
    /// Throws ShapeError unless outputs and targets are as above, with num_classes classes.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return classes_ * classes_; }
    /// Throws DataError if a class number is none.
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    /// NaN if nothing was counted.
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return false; }

protected:
    /// A row-major matrix [classes, classes], and its sums.
    class Counts {
    public:
        Counts(std::span<const double> values, std::size_t classes);

        std::size_t classes() const { return actual_.size(); }
        double operator()(std::size_t actual, std::size_t predicted) const {
            return values_[actual * classes() + predicted];
        }
        double actual(std::size_t index) const { return actual_[index]; }        // of this class
        double predicted(std::size_t index) const { return predicted_[index]; }  // to be of this class
        double all() const { return all_; }

    private:
        std::span<const double> values_;
        std::vector<double> actual_, predicted_;
        double all_ = 0.0;
    };

    /// Throws ConfigError unless num_classes >= 2.
    explicit ConfusionMatrixMetric(Options options);

    static TypeHelp help_of(const char* summary);
    static Options options_from(const Config& keys);

    /// After build().
    std::size_t classes() const { return classes_; }

    virtual double of_counts(const Counts& counts) const = 0;

private:
    std::size_t predicted_class(std::span<const float> output) const;

    Options options_;
    std::size_t width_ = 0;         // of the last axis of the outputs
    std::size_t target_width_ = 0;  // 1: class numbers
    std::size_t classes_ = 0;
};

}  // namespace lockstep
