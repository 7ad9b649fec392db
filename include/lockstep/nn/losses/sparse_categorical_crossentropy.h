#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

/// -log(p[label]), one probability per class; the target is the number of the class, in [0, classes).
///
/// Outputs are probabilities, divided by their sum and clipped to [1e-7, 1 - 1e-7] as in Keras, or
/// with from_logits what a softmax takes. A label that is no class is a DataError.
class SparseCategoricalCrossentropy final : public RowLoss {
public:
    struct Options {
        bool from_logits = false;
    };

    explicit SparseCategoricalCrossentropy(Options options) : options_(options) {}

    static const TypeHelp& help();
    static std::unique_ptr<Loss> from_config(const Config& keys);

    std::string_view type() const override { return "sparse_categorical_crossentropy"; }
    Config config() const override;
    /// [1]. Throws ShapeError unless an output is one axis of at least two classes.
    Shape target_shape(const Shape& output) const override;
    bool takes_labels() const override { return true; }
    std::unique_ptr<Loss> fuse(const Activation& activation) const override;

protected:
    double sample_loss(std::span<const float> output, std::span<const float> target,
                       std::span<float> gradient) const override;

private:
    Options options_;
};

}  // namespace lockstep
