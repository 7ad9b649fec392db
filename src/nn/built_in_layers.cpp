#include <lockstep/nn/layers/activation_layer.h>
#include <lockstep/nn/layers/batch_normalization.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/layers/group_normalization.h>
#include <lockstep/nn/layers/gru.h>
#include <lockstep/nn/layers/layer_normalization.h>
#include <lockstep/nn/layers/lstm.h>
#include <lockstep/nn/layers/multi_head_attention.h>
#include <lockstep/nn/layers/simple_rnn.h>

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
    add<BatchNormalization>(registry, "batch_normalization");
    add<Dense>(registry, "dense");
    add<Dropout>(registry, "dropout");
    add<Flatten>(registry, "flatten");
    add<GroupNormalization>(registry, "group_normalization");
    add<Gru>(registry, "gru");
    add<LayerNormalization>(registry, "layer_normalization");
    add<Lstm>(registry, "lstm");
    add<MultiHeadAttention>(registry, "multi_head_attention");
    add<SimpleRnn>(registry, "simple_rnn");
    for (const std::string& type : activation_types())
        registry.add(
            type, [type](const Config&) { return ActivationLayer::shorthand(type); },
            {.summary = "short for { type = \"activation\", activation = \"" + type + "\" }", .keys = {}});
    return registry;
}

}  // namespace lockstep::built_in
