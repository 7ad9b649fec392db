#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layers/composite.h>

namespace lockstep {

/// Layers with a way around them: y = f(layers(x) + shortcut(x)). (He et al., "Deep residual learning for
/// image recognition", CVPR 2016) Without layers of its own the shortcut is the identity; a projection, such
/// as a convolution of one pixel, fits x to layers that change its shape.
///
/// Weights are named after their layers, "conv2d/kernel", those of the shortcut "shortcut/conv2d/kernel".
class Residual final : public Composite {
public:
    struct Options {
        LayerList layers;
        LayerList shortcut = {};
        std::string activation = "linear";  // f; softmax runs over the last axis
    };

    /// Throws ConfigError if there are no layers, one of them is named "shortcut", or there is no activation
    /// of that name.
    explicit Residual(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "residual"; }
    Config config() const override;
    /// Throws ShapeError unless layers and shortcut put out the same shape.
    Shape build(const Shape& input) override;
    std::size_t saved_floats_per_sample() const override;
    double flops_per_sample() const override;
    void forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) override;
    void backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                        std::span<float> gradients) override;
    /// Of outputs of one axis: a loss sees a sample as a whole.
    std::unique_ptr<Activation> release_activation() override;

private:
    enum Part : std::size_t { body, shortcut };

    template <typename T>
    MatrixView<T> by_last_axis(MatrixView<T> values) const {
        return {values.data(), values.size() / last_axis_, last_axis_};
    }
    /// What the activation keeps.
    std::span<float> saved_of_activation(const BatchPass& batch, std::size_t rows) const;

    std::string activation_name_;
    LayerActivation activation_;
    std::size_t outputs_ = 0;  // floats per sample
    std::size_t last_axis_ = 1;
};

}  // namespace lockstep
