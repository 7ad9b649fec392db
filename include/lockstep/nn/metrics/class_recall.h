#pragma once

#include <lockstep/nn/metrics/confusion_matrix.h>

namespace lockstep {

/// The part of the samples of one class that are predicted to be of it: the accuracy within the class. 0 if
/// there is none.
class ClassRecall final : public ConfusionMatrixMetric {
public:
    struct Options {
        std::size_t class_id = 0;
        ConfusionMatrixMetric::Options matrix;
    };

    explicit ClassRecall(Options options) : ConfusionMatrixMetric(options.matrix), id_(options.class_id) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "class_recall"; }
    Config config() const override;
    /// Throws ShapeError, too, if the class is beyond the outputs.
    void build(const Shape& output, const Shape& target) override;

private:
    double of_counts(const Counts& counts) const override;

    std::size_t id_;
};

/// The mean recall of the classes that are in the targets.
class BalancedAccuracy final : public ConfusionMatrixMetric {
public:
    explicit BalancedAccuracy(Options options) : ConfusionMatrixMetric(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "balanced_accuracy"; }

private:
    double of_counts(const Counts& counts) const override;
};

}  // namespace lockstep
