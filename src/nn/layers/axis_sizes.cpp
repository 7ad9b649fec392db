#include "axis_sizes.h"

#include <algorithm>

#include "../option_check.h"

namespace lockstep {

void check_axis_sizes(const AxisSizes& sizes, std::size_t axes, const std::string& key) {
    const bool good =
        (sizes.size() == 1 || sizes.size() == axes) && std::ranges::find(sizes, 0U) == sizes.end();
    check_option(good, key, "a number or a list of " + std::to_string(axes) + ", each at least 1",
                 Shape(sizes).to_string());
}

Extents3 expand_axis_sizes(const AxisSizes& sizes, std::size_t axes) {
    Extents3 expanded{1, 1, 1};
    for (std::size_t i = 0; i < axes; ++i) expanded[3 - axes + i] = sizes.size() == 1 ? sizes[0] : sizes[i];
    return expanded;
}

AxisSizes read_axis_sizes(const Config& keys, const std::string& key, const AxisSizes& fallback) {
    const Config value = keys.find(key);
    if (value.is_null()) return fallback;
    return value.is_array() ? value.as<AxisSizes>() : AxisSizes{value.as<std::size_t>()};
}

Config axis_sizes_config(const AxisSizes& sizes) {
    if (sizes.size() == 1) return sizes[0];
    return Config::array(std::vector<Config>(sizes.begin(), sizes.end()));
}

}  // namespace lockstep
