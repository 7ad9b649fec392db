#include <lockstep/nn/layers/pooling.h>

#include "../option_check.h"
#include "axis_sizes.h"

namespace lockstep {

Pooling::Pooling(std::size_t axes, Options options) : axes_(axes), options_(std::move(options)) {
    check_axis_sizes(options_.pool_size, axes, "pool_size");
    if (!options_.strides.empty()) check_axis_sizes(options_.strides, axes, "strides");
    check_option(options_.padding == "valid" || options_.padding == "same", "padding",
                 "\"valid\" or \"same\"", options_.padding);
}

Config Pooling::config() const {
    Config keys =
        Config::table({{"pool_size", axis_sizes_config(options_.pool_size)}, {"padding", options_.padding}});
    if (!options_.strides.empty()) keys.set("strides", axis_sizes_config(options_.strides));
    return keys;
}

Shape Pooling::build(const Shape& input) {
    const AxisSizes& strides = options_.strides.empty() ? options_.pool_size : options_.strides;
    windows_ = Windows(Grid::of(input, axes_), expand_axis_sizes(options_.pool_size, axes_),
                       expand_axis_sizes(strides, axes_),
                       options_.padding == "same" ? Windows::Padding::same : Windows::Padding::valid);
    return windows_.outputs().shape(axes_);
}

double Pooling::flops_per_sample() const {
    const Extents3 sizes = expand_axis_sizes(options_.pool_size, axes_);
    return static_cast<double>(windows_.outputs().size()) *
           static_cast<double>(sizes[0] * sizes[1] * sizes[2]);
}

Pooling::Options Pooling::options_from(const Config& keys) {
    const Options defaults;
    return {.pool_size = read_axis_sizes(keys, "pool_size", defaults.pool_size),
            .strides = read_axis_sizes(keys, "strides", defaults.strides),
            .padding = keys.get("padding", defaults.padding)};
}

std::vector<TypeHelp::Key> Pooling::keys_help() {
    return {{"pool_size", "2", "places of a window; a number, or a list with one for each axis"},
            {"strides", "pool_size", "from window to window; a number, or a list with one for each axis"},
            {"padding", "\"valid\"",
             "\"valid\": windows within the input; \"same\": as many as input / strides, rounded up"}};
}

}  // namespace lockstep
