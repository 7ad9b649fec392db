#pragma once

#include <span>
#include <string>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// Sizes per spatial axis, as Keras has them: one number for all axes, or one for each.
std::vector<std::size_t> read_kernel_sizes(const Config& keys, const std::string& key,
                                           const std::vector<std::size_t>& fallback);
std::vector<std::size_t> read_kernel_sizes(const Config& keys, const std::string& key);  // required

Config kernel_sizes_config(std::span<const std::size_t> sizes);

/// One number for each of `axes`. Throws ConfigError naming `key` unless there are 1 or `axes`, none of them
/// 0.
std::vector<std::size_t> expand_kernel_sizes(const std::string& key, const std::vector<std::size_t>& sizes,
                                             std::size_t axes);

/// Throws ShapeError unless `input` is [pixels of each of `axes`..., channels].
void check_image(const Shape& input, std::size_t axes);

}  // namespace lockstep
