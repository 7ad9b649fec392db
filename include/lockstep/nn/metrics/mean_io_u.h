#pragma once

#include <vector>

#include <lockstep/nn/metrics/confusion_matrix.h>

namespace lockstep {

/// Intersection over union, TP / (TP + FP + FN) of a class; the mean over the classes that are in the targets
/// or predicted. Class numbers and one value for each class both serve as targets.
class MeanIoU : public ConfusionMatrixMetric {
public:
    explicit MeanIoU(Options options) : ConfusionMatrixMetric(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "mean_io_u"; }

private:
    double of_counts(const Counts& counts) const override;
    /// Whether a class takes part in the mean.
    virtual bool takes(std::size_t /*index*/) const { return true; }
};

/// MeanIoU of some classes; 0 if none of them is there.
class IoU final : public MeanIoU {
public:
    struct Options {
        std::vector<std::size_t> target_class_ids;  // at least one
        ConfusionMatrixMetric::Options matrix;
    };

    /// Throws ConfigError unless there is a class.
    explicit IoU(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "io_u"; }
    Config config() const override;
    /// Throws ShapeError, too, if a class is beyond the outputs.
    void build(const Shape& output, const Shape& target) override;

private:
    bool takes(std::size_t index) const override;

    std::vector<std::size_t> ids_;
};

}  // namespace lockstep
