#pragma once

#include <string>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layers/recurrent.h>

namespace lockstep {

/// Long short-term memory (Hochreiter and Schmidhuber, Neural Computation 9, 1997; forget gate: Gers et al.,
/// ibid. 12, 2000). With f the activation and s the recurrent one, and the gates in this order in the
/// weights:
///
///     i = s(x W_i + h U_i + b_i), forget f, cell g, output o alike, g with f
///     c_t = f c_before + i g,  h_t = o f(c_t)
class Lstm final : public Recurrent {
public:
    struct Options {
        std::size_t units = 0;
        std::string activation = "tanh";
        std::string recurrent_activation = "sigmoid";
        bool use_bias = true;
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions recurrent = {.initializer = "orthogonal"};  // recurrent_kernel
        WeightOptions bias = {};
        bool unit_forget_bias = true;   // the forget gate's bias starts as 1
        bool return_sequences = false;  // y holds all states, not the last one alone
        bool go_backwards = false;      // y too begins with the last time
    };

    /// Throws ConfigError if units is 0, a name is unknown, or the gradient of an activation needs more than
    /// its output.
    explicit Lstm(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "lstm"; }
    Config config() const override;

private:
    void forward_step(const Step& step) override;
    void backward_step(const Step& step) override;

    Options options_;
    LayerActivation activation_, recurrent_activation_;
    AlignedBuffer<float> row_;  // gradients of one row: of the gates, and of f(c)
};

}  // namespace lockstep
