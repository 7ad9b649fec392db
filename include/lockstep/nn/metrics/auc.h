#pragma once

#include <lockstep/nn/metrics/threshold_curve.h>

namespace lockstep {

/// The area under the ROC curve (recall over the rate of false positives) or under the precision-recall
/// curve, of all outputs together. The formulas are Keras': sums of rectangles and trapezoids, or for a
/// precision-recall curve with interpolation that of Davis and Goadrich (The relationship between
/// precision-recall and ROC curves, 2006), section 4.
class AUC final : public ThresholdCurve {
public:
    struct Options {
        std::size_t num_thresholds = 200;
        std::string curve = "ROC";  // or "PR"
        /// "interpolation", "minoring" (the lower end of each piece) or "majoring".
        std::string summation_method = "interpolation";
        bool from_logits = false;  // outputs are taken through a sigmoid
    };

    /// Throws ConfigError unless the options are some of the above and there are at least 2 thresholds.
    explicit AUC(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Metric> from_config(const Config& keys);

    std::string_view type() const override { return "auc"; }
    Config config() const override;

private:
    double of_curve(const std::vector<Point>& points) const override;
    double probability(float output) const override;
    bool lowest_takes_all() const override { return true; }
    double height(double left, double right) const;

    Options options_;
};

}  // namespace lockstep
