#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layers/recurrent.h>

namespace lockstep {

/// The plain recurrent layer: h_t = f(x_t W + b + h_before U). (Elman, Cognitive Science 14, 1990)
class SimpleRnn final : public Recurrent {
public:
    struct Options {
        std::size_t units = 0;
        std::string activation = "tanh";
        bool use_bias = true;
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions recurrent = {.initializer = "orthogonal"};  // recurrent_kernel
        WeightOptions bias = {};
        bool return_sequences = false;  // y holds all states, not the last one alone
        bool go_backwards = false;      // y too begins with the last time
    };

    /// Throws ConfigError if units is 0, a name is unknown, or the gradient of the activation needs more than
    /// its output.
    explicit SimpleRnn(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "simple_rnn"; }
    Config config() const override;

private:
    void forward_step(const Step& step) override;
    void backward_step(const Step& step) override;

    Options options_;
    LayerActivation activation_;
};

}  // namespace lockstep
