#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace lockstep {

/// The type of an array's elements.
struct NpyType {
    std::size_t size = 0;  // of an element, bytes
    bool swapped = false;  // the byte order is not this machine's
    void (*convert)(bool swapped, std::span<const std::byte> raw, std::span<float> out) = nullptr;

    /// Converts elements one behind the other. Precondition: raw.size() == out.size() * size.
    void to_floats(std::span<const std::byte> raw, std::span<float> out) const { convert(swapped, raw, out); }
};

/// The type that a `descr` such as '<f4' names: booleans, integers of 1 to 8 bytes and floats of 2 to 8, of
/// both byte orders. `where` begins messages. Throws DataError for all else, saying how to save it as
/// numbers.
NpyType parse_npy_type(const std::string& descr, const std::string& where);

}  // namespace lockstep
