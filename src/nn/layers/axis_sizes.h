#pragma once

#include <string>

#include <lockstep/core/config.h>
#include <lockstep/nn/layers/grid.h>

namespace lockstep {

/// Throws ConfigError naming `key` unless there is one size, or one for each of `axes` axes, all at least 1.
void check_axis_sizes(const AxisSizes& sizes, std::size_t axes, const std::string& key);

/// For each of three axes; 1 for those before the last `axes`. Precondition: check_axis_sizes().
Extents3 expand_axis_sizes(const AxisSizes& sizes, std::size_t axes);

/// From a number or a list of numbers; `fallback` if the key is absent.
AxisSizes read_axis_sizes(const Config& keys, const std::string& key, const AxisSizes& fallback);

/// A number, or a list if there are several.
Config axis_sizes_config(const AxisSizes& sizes);

}  // namespace lockstep
