#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// -alpha sum((1 - p)^gamma target log(p)): categorical cross-entropy that counts what is nearly right less.
/// (Lin et al., ICCV 2017)
///
/// Outputs are probabilities, divided by their sum and clipped to [1e-7, 1 - 1e-7] as in Keras, or with
/// from_logits what a softmax takes.
class CategoricalFocalCrossentropy final : public RowLoss {
public:
    struct Options {
        double alpha = 0.25;
        double gamma = 2.0;
        bool from_logits = false;
        double label_smoothing = 0.0;  // s: targets become target * (1 - s) + s / classes
    };

    /// Throws ConfigError unless alpha >= 0, gamma >= 0 and label_smoothing is in [0, 1].
    explicit CategoricalFocalCrossentropy(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "categorical_focal_crossentropy"; }
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
