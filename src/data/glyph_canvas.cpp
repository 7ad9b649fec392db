#include "glyph_canvas.h"

#include <algorithm>
#include <cmath>

namespace lockstep {

namespace {

constexpr float kRim = 0.5F;  // beyond the radius
constexpr float kFar = 1e6F;

struct PixelRange {
    std::size_t first, end;
};

/// The pixels within `reach` of [low, high] along one axis.
PixelRange pixels_near(float low, float high, float reach) {
    const float side = static_cast<float>(kGlyphSide);
    const float first = std::clamp(std::ceil(low - reach), 0.0F, side);
    const float end = std::clamp(std::floor(high + reach) + 1.0F, first, side);
    return {static_cast<std::size_t>(first), static_cast<std::size_t>(end)};
}

}  // namespace

GlyphCanvas::GlyphCanvas(float radius) : radius_(radius) {
    squared_distance_.fill(kFar);
}

void GlyphCanvas::line(PenPlace from, PenPlace to) {
    const float dx = to.x - from.x;
    const float dy = to.y - from.y;
    const float inverse = 1.0F / std::max(dx * dx + dy * dy, 1e-9F);
    const PixelRange columns = pixels_near(std::min(from.x, to.x), std::max(from.x, to.x), radius_ + kRim);
    const PixelRange rows = pixels_near(std::min(from.y, to.y), std::max(from.y, to.y), radius_ + kRim);
    for (std::size_t row = rows.first; row < rows.end; ++row) {
        const float y = static_cast<float>(row) - from.y;
        for (std::size_t column = columns.first; column < columns.end; ++column) {
            const float x = static_cast<float>(column) - from.x;
            const float along = std::clamp((x * dx + y * dy) * inverse, 0.0F, 1.0F);
            const float away_x = x - along * dx;
            const float away_y = y - along * dy;
            float& nearest = squared_distance_[row * kGlyphSide + column];
            nearest = std::min(nearest, away_x * away_x + away_y * away_y);
        }
    }
}

void GlyphCanvas::develop(float ink, std::span<float, kGlyphPixels> pixels) const {
    for (std::size_t i = 0; i < kGlyphPixels; ++i)
        pixels[i] = ink * std::clamp(radius_ + kRim - std::sqrt(squared_distance_[i]), 0.0F, 1.0F);
}

}  // namespace lockstep
