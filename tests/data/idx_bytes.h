#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace lockstep {

/// An IDX file, byte by byte.
inline std::vector<std::byte> idx_bytes(std::uint8_t type, std::initializer_list<std::uint32_t> extents,
                                        std::initializer_list<int> data) {
    std::vector<std::byte> file{std::byte{0}, std::byte{0}, std::byte{type},
                                static_cast<std::byte>(extents.size())};
    for (const std::uint32_t extent : extents)
        for (int shift = 24; shift >= 0; shift -= 8)
            file.push_back(static_cast<std::byte>(extent >> shift & 0xFF));
    for (const int value : data) file.push_back(static_cast<std::byte>(value));
    return file;
}

}  // namespace lockstep
