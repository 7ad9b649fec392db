#include <lockstep/nn/activation_layer.h>
#include <lockstep/nn/dense.h>
#include <lockstep/nn/dropout.h>
#include <lockstep/nn/flatten.h>

#include "built_in.h"
#include "construct.h"

namespace lockstep::built_in {
namespace {

TypeHelp dense_help() {
    return {.summary = "fully connected: activation(x W + b); inputs of one axis",
            .keys = {{"units", "required", "number of outputs"},
                     {"activation", "\"linear\"", "linear, relu, sigmoid, softmax or tanh"},
                     {"use_bias", "true", "whether there is a bias b"},
                     {"kernel_initializer", "\"glorot_uniform\"", "how W starts"},
                     {"bias_initializer", "\"zeros\"", "how b starts"}}};
}

TypeHelp dropout_help() {
    return {.summary = "in training, sets a random part of the inputs to zero and scales up the rest",
            .keys = {{"rate", "required", "the part that is dropped, in [0, 1)"}}};
}

TypeHelp activation_help() {
    return {.summary = "an activation as a layer of its own",
            .keys = {{"activation", "required", "linear, relu, sigmoid, softmax or tanh"}}};
}

std::unique_ptr<Layer> make_dense(const Config& keys) {
    const Dense::Options defaults;
    return construct_from<Dense>(
        keys, {.units = keys.get<std::size_t>("units"),
               .activation = keys.get("activation", defaults.activation),
               .use_bias = keys.get("use_bias", defaults.use_bias),
               .kernel_initializer = keys.get("kernel_initializer", defaults.kernel_initializer),
               .bias_initializer = keys.get("bias_initializer", defaults.bias_initializer)});
}

std::unique_ptr<Layer> make_dropout(const Config& keys) {
    return construct_from<Dropout>(keys, {.rate = keys.get<double>("rate")});
}

std::unique_ptr<Layer> make_activation_layer(const Config& keys) {
    return construct_from<ActivationLayer>(keys, {.activation = keys.get<std::string>("activation")});
}

}  // namespace

Registry<Layer> layers() {
    Registry<Layer> registry("layer");
    registry.add("dense", make_dense, dense_help());
    registry.add("dropout", make_dropout, dropout_help());
    registry.add("activation", make_activation_layer, activation_help());
    registry.add("flatten", [](const Config&) { return std::make_unique<Flatten>(); },
                 {.summary = "all axes of a sample as one: [28, 28, 1] -> [784]", .keys = {}});
    for (const std::string type : {"linear", "relu", "sigmoid", "softmax", "tanh"})
        registry.add(
            type, [type](const Config&) { return ActivationLayer::shorthand(type); },
            {.summary = "short for { type = \"activation\", activation = \"" + type + "\" }", .keys = {}});
    return registry;
}

}  // namespace lockstep::built_in
