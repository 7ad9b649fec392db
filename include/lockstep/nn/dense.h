#pragma once

#include <string>

#include <lockstep/nn/layer.h>

namespace lockstep {

/// Fully connected layer: y = f(x W + b).
///
/// Shapes: x [rows, inputs], kernel W [inputs, units], bias b [units], y [rows, units]. Inputs of more than
/// one axis are an error: put a flatten layer before it.
class Dense final : public Layer {
public:
    struct Options {
        std::size_t units = 0;
        std::string activation = "linear";
        bool use_bias = true;
        std::string kernel_initializer = "glorot_uniform";
        std::string bias_initializer = "zeros";
    };

    /// Throws ConfigError if units is 0 or a name is unknown.
    explicit Dense(Options options);

    std::string_view type() const override { return "dense"; }
    Config config() const override;
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    std::unique_ptr<Activation> release_activation() override { return std::move(activation_); }

private:
    Options options_;
    std::shared_ptr<const Initializer> kernel_initializer_;
    std::shared_ptr<const Initializer> bias_initializer_;
    std::unique_ptr<Activation> activation_;  // null: linear, or released
    std::size_t inputs_ = 0;
};

}  // namespace lockstep
