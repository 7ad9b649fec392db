#include "axis_sizes.h"

#include <algorithm>

#include "../option_check.h"

namespace lockstep {

AxisSizes read_axis_sizes(const Config& keys, const std::string& key) {
    const Config value = keys.at(key);
    return value.is_array() ? value.as<AxisSizes>() : AxisSizes{value.as<std::size_t>()};
}

AxisSizes read_axis_sizes(const Config& keys, const std::string& key, const AxisSizes& fallback) {
    return keys.contains(key) ? read_axis_sizes(keys, key) : fallback;
}

AxisSizes expand_axis_sizes(const std::string& key, const AxisSizes& sizes, std::size_t axes) {
    const bool fits = (sizes.size() == 1 || sizes.size() == axes) && std::ranges::count(sizes, 0U) == 0;
    check_option(fits, key,
                 "a number of at least 1" + (axes > 1 ? ", or " + std::to_string(axes) + " of them" : ""),
                 Shape(sizes).to_string());
    return sizes.size() == 1 ? AxisSizes(axes, sizes[0]) : sizes;
}

Config axis_sizes_config(const AxisSizes& sizes) {
    if (std::ranges::count(sizes, sizes.front()) == std::ssize(sizes)) return sizes.front();
    return Config::array({sizes.begin(), sizes.end()});
}

}  // namespace lockstep
