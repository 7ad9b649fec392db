#include "kernel_sizes.h"

#include <algorithm>

#include <lockstep/core/error.h>

#include "../option_check.h"

namespace lockstep {

std::vector<std::size_t> read_kernel_sizes(const Config& keys, const std::string& key,
                                           const std::vector<std::size_t>& fallback) {
    return keys.contains(key) ? read_kernel_sizes(keys, key) : fallback;
}

std::vector<std::size_t> read_kernel_sizes(const Config& keys, const std::string& key) {
    const Config value = keys.at(key);
    return value.is_array() ? value.as<std::vector<std::size_t>>() : std::vector{value.as<std::size_t>()};
}

Config kernel_sizes_config(std::span<const std::size_t> sizes) {
    return Config::array({sizes.begin(), sizes.end()});
}

std::vector<std::size_t> expand_kernel_sizes(const std::string& key, const std::vector<std::size_t>& sizes,
                                             std::size_t axes) {
    const bool fits = (sizes.size() == axes || sizes.size() == 1) && !std::ranges::count(sizes, 0U);
    check_option(fits, key,
                 "a number of at least 1" + (axes > 1 ? ", or " + std::to_string(axes) + " of them" : ""),
                 Shape(sizes).to_string());
    return sizes.size() == 1 ? std::vector(axes, sizes[0]) : sizes;
}

void check_image(const Shape& input, std::size_t axes) {
    if (input.rank() == axes + 1) return;
    constexpr std::string_view kNames[] = {"[steps, channels]", "[height, width, channels]",
                                           "[depth, height, width, channels]"};
    throw ShapeError("expected inputs " + std::string(kNames[axes - 1]) + ", got " + input.to_string() +
                     "; a single channel is an axis of extent 1");
}

}  // namespace lockstep
