#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// The coefficient of determination of each feature,
///     R2 = 1 - sum w (t - y)^2 / sum w (t - mean)^2,   mean = sum w t / sum w,
/// and their average. A feature whose targets are all the same has 1 if the outputs are exactly those, else
/// 0.
///
/// State: sum w, then sum w t, sum w t^2 and sum w (t - y)^2 of each feature. The sum about the mean is the
/// difference of two sums, and 1 - R2 is known to about 1e-15 (mean / standard deviation)^2 of itself: to
/// 1e-9 up to a mean of 1000 standard deviations. Beyond 10^6 targets count as all the same. R2 is the same
/// in any units, so a uniform average is taken of scaled targets where there is a target scaling, and the
/// digits are not lost.
class R2Score final : public Metric {
public:
    struct Options {
        /// "uniform_average", or "variance_weighted_average": by sum w (t - mean)^2.
        std::string class_aggregation = "uniform_average";
    };

    /// Throws ConfigError unless class_aggregation is one of the above.
    explicit R2Score(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "r2_score"; }
    Config config() const override;
    /// Throws ShapeError unless targets have the shape of outputs.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return 1 + 3 * features_; }
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return false; }
    bool in_target_units() const override { return weighted_; }

private:
    Options options_;
    bool weighted_;
    std::size_t features_ = 0;
};

}  // namespace lockstep
