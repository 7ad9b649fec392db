#include <lockstep/core/construct.h>
#include <lockstep/nn/layers/convolution.h>

#include "axis_sizes.h"

namespace lockstep {

template <std::size_t axes>
std::string_view ConvolutionOver<axes>::type() const {
    return axes == 1 ? "conv1d" : axes == 2 ? "conv2d" : "conv3d";
}

template <std::size_t axes>
const TypeHelp& ConvolutionOver<axes>::help() {
    static const std::string shape = axes == 1   ? "[steps, channels]"
                                     : axes == 2 ? "[height, width, channels]"
                                                 : "[depth, height, width, channels]";
    static const TypeHelp help{
        .summary = "convolution over " + shape + ": activation(x * W + b)",
        .keys = with_weight_help(
            {{"filters", "required", "number of output channels"},
             {"kernel_size", "required", "extents of the kernel; a number, or one per axis"},
             {"strides", "1", "pixels from one output to the next; a number, or one per axis"},
             {"padding", "\"valid\"",
              axes == 1 ? R"("valid": none, "same": zeros around, "causal": zeros before)"
                        : R"("valid": none, "same": zeros around)"},
             {"dilation_rate", "1", "pixels from one entry of the kernel to the next"},
             {"groups", "1", "parts of the channels, each with its own filters"},
             {"activation", "\"linear\"", "see lockstep list activations"},
             {"use_bias", "true", "whether there is a bias b"}},
            {{"kernel", "glorot_uniform", "W"}, {"bias", "zeros", "b"}})};
    return help;
}

template <std::size_t axes>
std::unique_ptr<Layer> ConvolutionOver<axes>::from_config(const Config& keys) {
    const Options defaults;
    return construct_from<ConvolutionOver>(
        keys, {.filters = keys.get<std::size_t>("filters"),
               .kernel_size = read_axis_sizes(keys, "kernel_size"),
               .strides = read_axis_sizes(keys, "strides", defaults.strides),
               .padding = keys.get("padding", defaults.padding),
               .dilation_rate = read_axis_sizes(keys, "dilation_rate", defaults.dilation_rate),
               .groups = keys.get("groups", defaults.groups),
               .activation = keys.get("activation", defaults.activation),
               .use_bias = keys.get("use_bias", defaults.use_bias),
               .kernel = read_weight_options(keys, "kernel", defaults.kernel),
               .bias = read_weight_options(keys, "bias", defaults.bias)});
}

template class ConvolutionOver<1>;
template class ConvolutionOver<2>;
template class ConvolutionOver<3>;

}  // namespace lockstep
