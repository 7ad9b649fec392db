#pragma once

#include <cstdint>
#include <span>

#include <lockstep/core/random.h>

#include "glyph_canvas.h"

namespace lockstep {

/// Writes digits as a hand would: the pen follows one of the ways to write the digit, with its own slant,
/// size, pressure and tremor. Glyph `index` is a function of (seed, stream, index).
class GlyphPainter {
public:
    GlyphPainter(std::uint64_t seed, std::uint64_t stream);

    /// The digit. Each ten glyphs 10 k to 10 k + 9 have all ten digits.
    std::size_t label(std::uint64_t index) const;

    /// The picture, row by row, 255 is ink.
    void paint(std::uint64_t index, std::span<std::uint8_t, kGlyphPixels> pixels) const;

private:
    std::uint64_t seed_, stream_;
    RandomStream random_;
};

}  // namespace lockstep
