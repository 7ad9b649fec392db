#pragma once

#include <optional>

#include <lockstep/nn/metrics/threshold_curve.h>

namespace lockstep {

/// The largest value of one rate among the thresholds at which another is at least a given value; 0 if there
/// is none. "At least" allows 1e-12 less, so that the rounding of sums of weights does not decide.
class RateAt : public ThresholdCurve {
public:
    struct Options {
        double value = 0.5;
        std::size_t num_thresholds = 200;
        std::optional<std::size_t> class_id;  // looks at this output alone
    };

    Config config() const override;
    /// Throws ShapeError unless targets have the shape of outputs, and there is an output `class_id`.
    void build(const Shape& output, const Shape& target) override;

protected:
    /// `key` is what the job file calls the value. Throws ConfigError unless 0 <= value <= 1.
    RateAt(Options options, const char* key);

    static TypeHelp help_of(const char* summary, const char* key);
    static Options options_from(const Config& keys, const char* key);

    /// The rate that must be at least the value, and the one that is looked for.
    virtual double constrained(const Point& point) const = 0;
    virtual double wanted(const Point& point) const = 0;

private:
    double of_curve(const std::vector<Point>& points) const final;
    std::pair<std::size_t, std::size_t> columns(std::size_t outputs) const final;

    Options options_;
    const char* key_;
};

/// Keys: specificity (the value), num_thresholds, class_id.
class SensitivityAtSpecificity final : public RateAt {
public:
    explicit SensitivityAtSpecificity(Options options) : RateAt(options, "specificity") {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "sensitivity_at_specificity"; }

private:
    double constrained(const Point& point) const override { return point.specificity(); }
    double wanted(const Point& point) const override { return point.recall(); }
};

/// Keys: sensitivity (the value), num_thresholds, class_id.
class SpecificityAtSensitivity final : public RateAt {
public:
    explicit SpecificityAtSensitivity(Options options) : RateAt(options, "sensitivity") {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "specificity_at_sensitivity"; }

private:
    double constrained(const Point& point) const override { return point.recall(); }
    double wanted(const Point& point) const override { return point.specificity(); }
};

/// Keys: recall (the value), num_thresholds, class_id.
class PrecisionAtRecall final : public RateAt {
public:
    explicit PrecisionAtRecall(Options options) : RateAt(options, "recall") {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "precision_at_recall"; }

private:
    double constrained(const Point& point) const override { return point.recall(); }
    double wanted(const Point& point) const override { return point.precision(); }
};

/// Keys: precision (the value), num_thresholds, class_id.
class RecallAtPrecision final : public RateAt {
public:
    explicit RecallAtPrecision(Options options) : RateAt(options, "precision") {}

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "recall_at_precision"; }

private:
    double constrained(const Point& point) const override { return point.precision(); }
    double wanted(const Point& point) const override { return point.recall(); }
};

}  // namespace lockstep
