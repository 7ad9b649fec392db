#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// Binary cross-entropy that counts what is nearly right less: the cross-entropy of each output times
/// (1 - right)^gamma, where right = target p + (1 - target) (1 - p); the mean over the features of a sample.
/// With apply_class_balancing also times target alpha + (1 - target) (1 - alpha). (Lin et al., ICCV 2017)
///
/// Outputs are probabilities p, clipped to [1e-7, 1 - 1e-7] in the cross-entropy as in Keras, or with
/// from_logits what a sigmoid takes.
class BinaryFocalCrossentropy final : public RowLoss {
public:
    struct Options {
        bool apply_class_balancing = false;
        double alpha = 0.25;
        double gamma = 2.0;
        bool from_logits = false;
        double label_smoothing = 0.0;  // s: targets become target * (1 - s) + s / 2
    };

    /// Throws ConfigError unless gamma >= 0 and alpha and label_smoothing are in [0, 1].
    explicit BinaryFocalCrossentropy(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "binary_focal_crossentropy"; }
    Config config() const override;
    /// Two of a single output; several outputs are independent of each other.
    std::size_t classes(const Shape& output) const override { return output.size() == 1 ? 2 : 0; }
    std::unique_ptr<Loss> fuse(const Activation& activation) const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;

private:
    Options options_;
};

}  // namespace lockstep
