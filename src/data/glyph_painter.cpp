#include "glyph_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include <lockstep/core/permutation.h>

#include "glyph_strokes.h"

namespace lockstep {

namespace {

constexpr std::uint64_t kDigits = 10;
constexpr int kPiecesPerCurve = 5;

// Places of the draws of one glyph in its random stream; each begins at a multiple of 4.
constexpr std::uint64_t kHandDraws = 0;
constexpr std::uint64_t kTremorDraws = 64;
constexpr std::uint64_t kGrainDraws = 256;
constexpr std::size_t kMostPoints = 24;

/// The hand of one writer on one occasion. Lengths in pixels, angles in radians.
struct Hand {
    float style;  // [0, 1): which way to write the digit
    float rotation, slant;
    float width, height;
    float shift_x, shift_y;
    float sway, sway_phase, bend, bend_phase;  // slow waves across the sheet
    float radius, ink, grain;
};

float between(float low, float high, float unit) {
    return low + (high - low) * unit;
}

Hand draw_hand(const RandomStream& random, std::uint64_t index) {
    std::array<float, 16> u;
    random.uniform(index, kHandDraws, u);
    constexpr float kTurn = 2.0F * std::numbers::pi_v<float>;
    return {.style = u[0],
            .rotation = between(-0.24F, 0.24F, u[1]),
            .slant = between(-0.40F, 0.30F, u[2]),
            .width = between(9.0F, 17.0F, u[3]),
            .height = between(15.0F, 21.0F, u[4]),
            .shift_x = between(-2.2F, 2.2F, u[5]),
            .shift_y = between(-2.2F, 2.2F, u[6]),
            .sway = between(0.0F, 1.3F, u[7]),
            .sway_phase = kTurn * u[8],
            .bend = between(0.0F, 1.3F, u[9]),
            .bend_phase = kTurn * u[10],
            .radius = between(0.7F, 1.6F, u[11]),
            .ink = between(190.0F, 260.0F, u[12]),
            .grain = between(0.0F, 14.0F, u[13])};
}

/// From the box of a stroke to the sheet.
class Sheet {
public:
    explicit Sheet(const Hand& hand)
        : hand_(hand), cosine_(std::cos(hand.rotation)), sine_(std::sin(hand.rotation)) {}

    PenPlace operator()(const GlyphPoint& point) const {
        const float up = (point.y - 0.5F) * hand_.height;
        const float right = (point.x - 0.5F) * hand_.width + hand_.slant * up;
        const float x = cosine_ * right - sine_ * up;
        const float y = sine_ * right + cosine_ * up;
        constexpr float kMiddle = (static_cast<float>(kGlyphSide) - 1.0F) / 2.0F;
        constexpr float kWave = 0.25F;  // radians per pixel
        return {kMiddle + x + hand_.shift_x + hand_.sway * std::sin(kWave * y + hand_.sway_phase),
                kMiddle + y + hand_.shift_y + hand_.bend * std::sin(kWave * x + hand_.bend_phase)};
    }

private:
    const Hand& hand_;
    float cosine_, sine_;
};

/// Catmull and Rom, "A class of local interpolating splines", 1974: from b to c, with neighbours a and d.
PenPlace spline(const std::array<PenPlace, 4>& p, float t) {
    const auto axis = [t](float a, float b, float c, float d) {
        return 0.5F * (2.0F * b +
                       t * (c - a + t * (2.0F * a - 5.0F * b + 4.0F * c - d + t * (3.0F * (b - c) + d - a))));
    };
    return {axis(p[0].x, p[1].x, p[2].x, p[3].x), axis(p[0].y, p[1].y, p[2].y, p[3].y)};
}

void draw_stroke(const GlyphStroke& stroke, std::span<const PenPlace> places, GlyphCanvas& canvas) {
    for (std::size_t i = 0; i + 1 < places.size(); ++i) {
        const bool begins = i == 0 || stroke[i].corner;
        const bool ends = i + 2 == places.size() || stroke[i + 1].corner;
        const std::array<PenPlace, 4> around{places[begins ? i : i - 1], places[i], places[i + 1],
                                             places[ends ? i + 1 : i + 2]};
        PenPlace pen = places[i];
        for (int piece = 1; piece <= kPiecesPerCurve; ++piece) {
            const PenPlace next = spline(around, static_cast<float>(piece) / kPiecesPerCurve);
            canvas.line(pen, next);
            pen = next;
        }
    }
}

void draw_digit(const GlyphStyle& style, const Sheet& sheet, std::span<const float> tremor,
                GlyphCanvas& canvas) {
    constexpr float kTremor = 0.035F;  // of the box
    std::array<PenPlace, kMostPoints> places;
    std::size_t drawn = 0;
    for (const GlyphStroke& stroke : style) {
        for (std::size_t i = 0; i < stroke.size(); ++i, drawn += 2)
            places[i] =
                sheet({stroke[i].x + kTremor * tremor[drawn], stroke[i].y + kTremor * tremor[drawn + 1]});
        draw_stroke(stroke, std::span(places).first(stroke.size()), canvas);
    }
}

/// About normal, mean 0 and variance 1: the sum of the four bytes of a word.
float grain_of(std::uint32_t word) {
    const std::uint32_t sum = (word & 0xFF) + (word >> 8 & 0xFF) + (word >> 16 & 0xFF) + (word >> 24);
    return (static_cast<float>(sum) - 510.0F) * (1.0F / 147.8F);
}

}  // namespace

GlyphPainter::GlyphPainter(std::uint64_t seed, std::uint64_t stream)
    : seed_(seed), stream_(stream), random_(seed, Purpose::synthetic_data, stream) {}

std::size_t GlyphPainter::label(std::uint64_t index) const {
    // The permutation of each ten is that of a pass of its own; the streams take turns.
    const std::uint64_t ten = index / kDigits * 4 + stream_;
    return Permutation(kDigits, seed_, ten)(index % kDigits);
}

void GlyphPainter::paint(std::uint64_t index, std::span<std::uint8_t, kGlyphPixels> pixels) const {
    const Hand hand = draw_hand(random_, index);
    const auto& styles = glyph_styles(label(index));
    const GlyphStyle& style =
        styles[static_cast<std::size_t>(hand.style * static_cast<float>(styles.size()))];
    std::array<float, 2 * kMostPoints> tremor;
    random_.normal(index, kTremorDraws, tremor);

    GlyphCanvas canvas(hand.radius);
    draw_digit(style, Sheet(hand), tremor, canvas);
    std::array<float, kGlyphPixels> darkness;
    canvas.develop(hand.ink, darkness);
    for (std::size_t i = 0; i < kGlyphPixels; i += 4) {
        const auto words = random_.words(index, (kGrainDraws + i) / 4);
        for (std::size_t j = 0; j < 4; ++j) {
            const float value = darkness[i + j] + hand.grain * grain_of(words[j]);
            pixels[i + j] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
        }
    }
}

}  // namespace lockstep
