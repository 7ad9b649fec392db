#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// -sum(target * log(p)), one probability per class; targets are probabilities too (one-hot or soft).
///
/// Outputs are probabilities, divided by their sum and clipped to [1e-7, 1 - 1e-7] as in Keras, or
/// with from_logits what a softmax takes.
class CategoricalCrossentropy final : public RowLoss {
public:
    struct Options {
        bool from_logits = false;
        double label_smoothing = 0.0;  // s: targets become target * (1 - s) + s / classes
    };

    /// Throws ConfigError unless 0 <= label_smoothing <= 1.
    explicit CategoricalCrossentropy(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "categorical_crossentropy"; }
    Config config() const override;
    /// Throws ShapeError unless an output is one axis of at least two classes.
    Shape target_shape(const Shape& output) const override;
    std::size_t classes(const Shape& output) const override { return output.size(); }
    std::unique_ptr<Loss> fuse(const Activation& activation) const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;

private:
    double from_logits(std::span<const float> logits, std::span<const float> target,
                       std::span<float> gradient) const;
    double from_probabilities(std::span<const float> output, std::span<const float> target,
                              std::span<float> gradient) const;
    double smooth(float target, std::size_t classes) const;

    Options options_;
};

}  // namespace lockstep
