#pragma once

#include <cstdint>

namespace lockstep {

/// The most bytes that one byte of a deflate stream can become: https://zlib.net/zlib_tech.html. Nobody
/// allocates memory for a file that promises more.
inline constexpr std::uint64_t kMostInflated = 1032;

}  // namespace lockstep
