#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/metrics/mean_metric.h>

namespace lockstep {

/// How often the right class is among the k largest outputs: fewer than k outputs are larger than its own.
class TopKAccuracy : public MeanMetric {
public:
    struct Options {
        std::size_t k = 5;
    };

    Config config() const override;
    double sample_value(std::span<const float> output, std::span<const float> target) const override;
    bool lower_is_better() const override { return false; }

protected:
    /// Throws ConfigError unless k >= 1.
    explicit TopKAccuracy(Options options);

private:
    Options options_;
};

/// The right class is where the largest target is.
class TopKCategoricalAccuracy final : public TopKAccuracy {
public:
    explicit TopKCategoricalAccuracy(Options options) : TopKAccuracy(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "top_k_categorical_accuracy"; }
    /// Throws ShapeError unless targets have the shape of outputs, and at least 2 elements.
    void build(const Shape& output, const Shape& target) override;
};

/// The target is the number of the right class.
class SparseTopKCategoricalAccuracy final : public TopKAccuracy {
public:
    explicit SparseTopKCategoricalAccuracy(Options options) : TopKAccuracy(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "sparse_top_k_categorical_accuracy"; }
    /// Throws ShapeError unless a target is one number and there are at least 2 outputs.
    void build(const Shape& output, const Shape& target) override;
};

}  // namespace lockstep
