#include <lockstep/nn/layers/pooling.h>

#include "axis_sizes.h"

namespace lockstep {

Pooling::Pooling(std::size_t axes, Options options)
    : axes_(axes),
      options_(std::move(options)),
      padding_(parse_padding(options_.padding, {"valid", "same"})) {
    options_.pool_size = expand_axis_sizes("pool_size", options_.pool_size, axes);
    options_.strides =
        options_.strides.empty() ? options_.pool_size : expand_axis_sizes("strides", options_.strides, axes);
}

Config Pooling::config() const {
    return Config::table({{"pool_size", axis_sizes_config(options_.pool_size)},
                          {"strides", axis_sizes_config(options_.strides)},
                          {"padding", options_.padding}});
}

Shape Pooling::build(const Shape& input) {
    windows_ = Windows(Grid::of(input, axes_), options_.pool_size, options_.strides, padding_);
    return windows_.outputs().shape(axes_);
}

double Pooling::flops_per_sample() const {
    return static_cast<double>(windows_.outputs().size() * Shape(options_.pool_size).size());
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
