#include <lockstep/nn/layers/activation_layer.h>
#include <lockstep/nn/layers/conv2d_transpose.h>
#include <lockstep/nn/layers/convolution.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/depthwise_conv2d.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/flatten.h>

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
    add<Conv1D>(registry, "conv1d");
    add<Conv2D>(registry, "conv2d");
    add<Conv2DTranspose>(registry, "conv2d_transpose");
    add<Conv3D>(registry, "conv3d");
    add<Dense>(registry, "dense");
    add<DepthwiseConv2D>(registry, "depthwise_conv2d");
    add<Dropout>(registry, "dropout");
    add<Flatten>(registry, "flatten");
    for (const std::string& type : activation_types())
        registry.add(
            type, [type](const Config&) { return ActivationLayer::shorthand(type); },
            {.summary = "short for { type = \"activation\", activation = \"" + type + "\" }", .keys = {}});
    return registry;
}

}  // namespace lockstep::built_in
