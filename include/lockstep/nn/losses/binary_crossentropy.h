#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// -(target * log(p) + (1 - target) * log(1 - p)), the mean over the features of a sample.
///
/// Outputs are probabilities, clipped to [1e-7, 1 - 1e-7] as in Keras, or with from_logits what a sigmoid
/// takes.
class BinaryCrossentropy final : public RowLoss {
public:
    struct Options {
        bool from_logits = false;
        double label_smoothing = 0.0;  // s: targets become target * (1 - s) + s / 2
    };

    /// Throws ConfigError unless 0 <= label_smoothing <= 1.
    explicit BinaryCrossentropy(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "binary_crossentropy"; }
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
