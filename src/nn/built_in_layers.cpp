#include <lockstep/nn/layers/activation_layer.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/elu.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/layers/leaky_relu.h>
#include <lockstep/nn/layers/prelu.h>
#include <lockstep/nn/layers/relu.h>

#include "built_in.h"

namespace lockstep::built_in {
namespace {

template <typename T>
void add(Registry<Layer>& registry, const char* type) {
    registry.add(type, T::from_config, T::help());
}

}  // namespace

Registry<Layer> layers() {
    Registry<Layer> registry("layer");
    add<ActivationLayer>(registry, "activation");
    add<Dense>(registry, "dense");
    add<Dropout>(registry, "dropout");
    add<Elu>(registry, "elu");
    add<Flatten>(registry, "flatten");
    add<LeakyRelu>(registry, "leaky_relu");
    add<Prelu>(registry, "prelu");
    add<Relu>(registry, "relu");
    for (const std::string& type : activation_types()) {
        if (registry.contains(type)) continue;  // a layer with keys of its own
        registry.add(
            type, [type](const Config&) { return ActivationLayer::shorthand(type); },
            {.summary = "short for { type = \"activation\", activation = \"" + type + "\" }", .keys = {}});
    }
    return registry;
}

}  // namespace lockstep::built_in
