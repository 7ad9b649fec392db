#pragma once

#include <cstddef>
#include <vector>

namespace lockstep {

/// A point that a pen passes, in a box of width and height 1; y points down.
struct GlyphPoint {
    float x = 0.0F;
    float y = 0.0F;
    bool corner = false;  // the pen changes its direction here; elsewhere the line is smooth
};

using GlyphStroke = std::vector<GlyphPoint>;  // the pen stays on the paper
using GlyphStyle = std::vector<GlyphStroke>;  // one way to write a digit

/// The ways in which people write a digit. Precondition: digit < 10.
const std::vector<GlyphStyle>& glyph_styles(std::size_t digit);

}  // namespace lockstep
