#pragma once

#include <algorithm>
#include <string_view>

namespace lockstep::io {

/// Octave reads text labelled ASCII only; ASCII is labelled so wherever a text is a dataset.
inline bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return static_cast<unsigned char>(letter) < 0x80U; });
}

}  // namespace lockstep::io
