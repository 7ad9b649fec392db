#pragma once

#include <cstddef>

namespace lockstep {

inline std::size_t divide_up(std::size_t number, std::size_t divisor) {
    return (number + divisor - 1) / divisor;
}

}  // namespace lockstep
