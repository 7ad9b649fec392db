#pragma once

#include <vector>

#include <lockstep/core/config.h>

namespace lockstep {

/// Of a list that may be absent.
inline std::vector<Config> elements(const Config& list) {
    std::vector<Config> values;
    for (std::size_t i = 0; !list.is_null() && i < list.size(); ++i) values.push_back(list[i]);
    return values;
}

}  // namespace lockstep
