#pragma once

#include <string>

#include <lockstep/core/config.h>
#include <lockstep/nn/layers/grid.h>

namespace lockstep {

/// From a number or a list of numbers.
AxisSizes read_axis_sizes(const Config& keys, const std::string& key);  // required
AxisSizes read_axis_sizes(const Config& keys, const std::string& key, const AxisSizes& fallback);

/// One size for each of `axes` axes. Throws ConfigError naming `key` unless there is one, or one for each,
/// all at least 1.
AxisSizes expand_axis_sizes(const std::string& key, const AxisSizes& sizes, std::size_t axes);

/// A number if all are the same, or a list.
Config axis_sizes_config(const AxisSizes& sizes);

}  // namespace lockstep
