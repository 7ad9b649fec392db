#pragma once

#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layer_weight.h>

#include "../option_check.h"

namespace lockstep {

/// The keys that all recurrent layers have.
inline std::vector<TypeHelp::Key> recurrent_help() {
    return with_weight_help({{"units", "required", "number of outputs"},
                             {"activation", "\"tanh\"", "see lockstep list activations"},
                             {"use_bias", "true", "whether there is a bias"},
                             {"return_sequences", "false", "whether all states are put out, or the last one"},
                             {"go_backwards", "false", "whether time runs backwards, also in the outputs"}},
                            {{"kernel", "glorot_uniform", "the kernel of the inputs"},
                             {"recurrent", "orthogonal", "the kernel of the state"},
                             {"bias", "zeros", "the bias"}});
}

/// Reads them; Options is that of a recurrent layer.
template <typename Options>
Options read_recurrent_keys(const Config& keys) {
    Options options;
    options.units = keys.get<std::size_t>("units");
    options.activation = keys.get("activation", options.activation);
    options.use_bias = keys.get("use_bias", options.use_bias);
    options.kernel = read_weight_options(keys, "kernel", options.kernel);
    options.recurrent = read_weight_options(keys, "recurrent", options.recurrent);
    options.bias = read_weight_options(keys, "bias", options.bias);
    options.return_sequences = keys.get("return_sequences", options.return_sequences);
    options.go_backwards = keys.get("go_backwards", options.go_backwards);
    return options;
}

/// The activation of a gate: its input is not kept. Throws ConfigError if its gradient needs it.
inline LayerActivation make_gate_activation(const std::string& key, const std::string& type) {
    LayerActivation activation(type);
    check_option(activation.saved_floats(1) == 0, key,
                 "an activation whose gradient follows from its output, such as tanh, sigmoid or relu",
                 "\"" + type + "\"");
    return activation;
}

}  // namespace lockstep
