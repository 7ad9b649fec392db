#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace lockstep {

inline constexpr std::size_t kGlyphSide = 28;
inline constexpr std::size_t kGlyphPixels = kGlyphSide * kGlyphSide;

/// Where the pen is, in pixels; the centre of pixel (row 0, column 0) is (0, 0), y points down.
struct PenPlace {
    float x = 0.0F;
    float y = 0.0F;
};

/// A sheet of 28 x 28 pixels that knows how far each pixel is from the ink.
class GlyphCanvas {
public:
    /// `radius`: half the width of the line, pixels.
    explicit GlyphCanvas(float radius);

    void line(PenPlace from, PenPlace to);

    /// How dark each pixel is, 0 to `ink`; the rim of a line is one pixel wide.
    void develop(float ink, std::span<float, kGlyphPixels> pixels) const;

private:
    float radius_;
    std::array<float, kGlyphPixels> squared_distance_;
};

}  // namespace lockstep
