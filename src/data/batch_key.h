#pragma once

#include <cstdint>

namespace lockstep {

/// Which batch of which pass.
struct BatchKey {
    std::uint64_t pass = 0;
    std::uint64_t batch = 0;
    bool operator==(const BatchKey&) const = default;
};

}  // namespace lockstep
