#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// The weight of the outputs that are right, or wrong, in one way: a number that grows with the samples, not
/// a rate. An output above `threshold` predicts a 1; each target is 0 or 1, and there is one for each output.
class ConfusionCount : public Metric {
public:
    struct Options {
        double threshold = 0.5;
    };

    Config config() const override;
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return 2; }
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return predicted_ != target_; }

protected:
    /// Counts the outputs with this prediction and this target. Throws ConfigError unless 0 <= threshold
    /// <= 1.
    ConfusionCount(Options options, bool predicted, bool target);

private:
    Options options_;
    bool predicted_, target_;
};

class TruePositives final : public ConfusionCount {
public:
    explicit TruePositives(Options options) : ConfusionCount(options, true, true) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "true_positives"; }
};

class FalsePositives final : public ConfusionCount {
public:
    explicit FalsePositives(Options options) : ConfusionCount(options, true, false) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "false_positives"; }
};

class TrueNegatives final : public ConfusionCount {
public:
    explicit TrueNegatives(Options options) : ConfusionCount(options, false, false) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "true_negatives"; }
};

class FalseNegatives final : public ConfusionCount {
public:
    explicit FalseNegatives(Options options) : ConfusionCount(options, false, true) {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "false_negatives"; }
};

}  // namespace lockstep
