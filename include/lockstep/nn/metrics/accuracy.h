#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/metrics/mean_metric.h>

namespace lockstep {

/// The part of a sample's outputs that lie on the same side of a threshold as their targets (0 or 1).
class BinaryAccuracy final : public MeanMetric {
public:
    struct Options {
        double threshold = 0.5;
    };

    explicit BinaryAccuracy(Options options) : options_(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "binary_accuracy"; }
    Config config() const override;
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return false; }

private:
    Options options_;
};

/// How often the largest output is where the largest target is.
class CategoricalAccuracy final : public MeanMetric {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "categorical_accuracy"; }
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return false; }
};

/// How often the largest output is that of the class whose number is the target.
class SparseCategoricalAccuracy final : public MeanMetric {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "sparse_categorical_accuracy"; }
    /// Throws ShapeError unless a target is one number.
    void build(const Shape& output, const Shape& target) override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return false; }
};

/// One of the above, by the shapes: binary for one output, sparse for one target and several outputs, else
/// categorical.
class Accuracy final : public MeanMetric {
public:
    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "accuracy"; }
    void build(const Shape& output, const Shape& target) override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return false; }

private:
    std::unique_ptr<MeanMetric> kind_;  // set by build()
};

}  // namespace lockstep
