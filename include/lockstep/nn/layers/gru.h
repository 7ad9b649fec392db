#pragma once

#include <string>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layers/recurrent.h>

namespace lockstep {

/// Gated recurrent unit (Cho et al., EMNLP 2014), as Keras has it with reset_after: the reset gate acts on
/// the product with the recurrent kernel. With f the activation and s the recurrent one, and the gates in
/// this order in the weights; bias b and recurrent bias p are the rows of one weight [2, 3 * units]:
///
///     z = s(x W_z + b_z + h U_z + p_z), reset r alike
///     g = f(x W_g + b_g + r (h U_g + p_g)),  h_t = z h_before + (1 - z) g
class Gru final : public Recurrent {
public:
    struct Options {
        std::size_t units = 0;
        std::string activation = "tanh";
        std::string recurrent_activation = "sigmoid";
        bool use_bias = true;
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions recurrent = {.initializer = "orthogonal"};  // recurrent_kernel
        WeightOptions bias = {};
        bool return_sequences = false;  // y holds all states, not the last one alone
        bool go_backwards = false;      // y too begins with the last time
    };

    /// Throws ConfigError if units is 0, a name is unknown, or the gradient of an activation needs more than
    /// its output.
    explicit Gru(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "gru"; }
    Config config() const override;

private:
    void forward_step(const Step& step) override;
    void backward_step(const Step& step) override;

    Options options_;
    LayerActivation activation_, recurrent_activation_;
    AlignedBuffer<float> row_;  // gradients of the gates of one row
};

}  // namespace lockstep
