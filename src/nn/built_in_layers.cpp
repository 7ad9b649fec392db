#include <lockstep/nn/layers/activation_layer.h>
#include <lockstep/nn/layers/average_pooling.h>
#include <lockstep/nn/layers/batch_normalization.h>
#include <lockstep/nn/layers/concatenate.h>
#include <lockstep/nn/layers/conv2d_transpose.h>
#include <lockstep/nn/layers/convolution.h>
#include <lockstep/nn/layers/cropping.h>
#include <lockstep/nn/layers/dense.h>
#include <lockstep/nn/layers/depthwise_conv2d.h>
#include <lockstep/nn/layers/dropout.h>
#include <lockstep/nn/layers/elu.h>
#include <lockstep/nn/layers/embedding.h>
#include <lockstep/nn/layers/flatten.h>
#include <lockstep/nn/layers/gaussian_noise.h>
#include <lockstep/nn/layers/global_pooling.h>
#include <lockstep/nn/layers/group_normalization.h>
#include <lockstep/nn/layers/gru.h>
#include <lockstep/nn/layers/layer_normalization.h>
#include <lockstep/nn/layers/leaky_relu.h>
#include <lockstep/nn/layers/lstm.h>
#include <lockstep/nn/layers/max_pooling.h>
#include <lockstep/nn/layers/multi_head_attention.h>
#include <lockstep/nn/layers/normalization.h>
#include <lockstep/nn/layers/permute.h>
#include <lockstep/nn/layers/prelu.h>
#include <lockstep/nn/layers/relu.h>
#include <lockstep/nn/layers/rescaling.h>
#include <lockstep/nn/layers/reshape.h>
#include <lockstep/nn/layers/residual.h>
#include <lockstep/nn/layers/simple_rnn.h>
#include <lockstep/nn/layers/spatial_dropout.h>
#include <lockstep/nn/layers/up_sampling.h>
#include <lockstep/nn/layers/zero_padding.h>

#include "built_in.h"

namespace lockstep::built_in {
namespace {

/// T<1>, T<2> and T<3> as type + "1d", "2d" and "3d".
template <template <std::size_t Axes> typename T>
void add_spatial(Registry<Layer>& registry, const std::string& type) {
    registry.add(type + "1d", T<1>::from_config, T<1>::help());
    registry.add(type + "2d", T<2>::from_config, T<2>::help());
    registry.add(type + "3d", T<3>::from_config, T<3>::help());
}

}  // namespace

Registry<Layer> layers() {
    Registry<Layer> registry("layer");
    add<ActivationLayer>(registry, "activation");
    add_spatial<AveragePooling>(registry, "average_pooling");
    add<BatchNormalization>(registry, "batch_normalization");
    add<Concatenate>(registry, "concatenate");
    add<Conv1D>(registry, "conv1d");
    add<Conv2D>(registry, "conv2d");
    add<Conv2DTranspose>(registry, "conv2d_transpose");
    add<Conv3D>(registry, "conv3d");
    add_spatial<Cropping>(registry, "cropping");
    add<Dense>(registry, "dense");
    add<DepthwiseConv2D>(registry, "depthwise_conv2d");
    add<Dropout>(registry, "dropout");
    add<Elu>(registry, "elu");
    add<Embedding>(registry, "embedding");
    add<Flatten>(registry, "flatten");
    add<GaussianNoise>(registry, "gaussian_noise");
    add_spatial<GlobalAveragePooling>(registry, "global_average_pooling");
    add_spatial<GlobalMaxPooling>(registry, "global_max_pooling");
    add<GroupNormalization>(registry, "group_normalization");
    add<Gru>(registry, "gru");
    add<LayerNormalization>(registry, "layer_normalization");
    add<LeakyRelu>(registry, "leaky_relu");
    add<Lstm>(registry, "lstm");
    add_spatial<MaxPooling>(registry, "max_pooling");
    add<MultiHeadAttention>(registry, "multi_head_attention");
    add<Normalization>(registry, "normalization");
    add<Permute>(registry, "permute");
    add<Prelu>(registry, "prelu");
    add<Relu>(registry, "relu");
    add<Rescaling>(registry, "rescaling");
    add<Reshape>(registry, "reshape");
    add<Residual>(registry, "residual");
    add<SimpleRnn>(registry, "simple_rnn");
    add_spatial<SpatialDropout>(registry, "spatial_dropout");
    add_spatial<UpSampling>(registry, "up_sampling");
    add_spatial<ZeroPadding>(registry, "zero_padding");
    for (const std::string& type : activation_types()) {
        if (registry.contains(type)) continue;  // a layer with keys of its own
        registry.add(
            type, [type](const Config&) { return ActivationLayer::shorthand(type); },
            {.summary = "short for { type = \"activation\", activation = \"" + type + "\" }", .keys = {}});
    }
    return registry;
}

}  // namespace lockstep::built_in
