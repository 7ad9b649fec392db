#pragma once

#include <memory>

#include <lockstep/nn/loss.h>
#include <lockstep/nn/metric.h>

namespace lockstep {

/// The mean of a loss over the samples: every loss is a metric too, by the same names and keys. Errors are in
/// the user's units. State: [sum of weight x loss, sum of weights].
class LossMetric final : public Metric {
public:
    explicit LossMetric(std::unique_ptr<Loss> loss) : loss_(std::move(loss)) {}

    std::string_view type() const override { return loss_->type(); }
    Config config() const override { return loss_->config(); }
    /// Throws ShapeError unless targets are what the loss takes.
    void build(const Shape& output, const Shape& target) override;
    std::size_t state_size() const override { return 2; }
    void update(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                std::span<double> state) const override;
    double result(std::span<const double> state) const override;
    bool lower_is_better() const override { return true; }
    bool in_target_units() const override { return !loss_->takes_labels(); }

private:
    std::unique_ptr<Loss> loss_;
};

}  // namespace lockstep
