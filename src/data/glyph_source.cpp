#include <algorithm>

#include <lockstep/data/glyph_source.h>
#include <lockstep/math/kernels.h>

#include "glyph_painter.h"

namespace lockstep {

namespace {

constexpr std::uint64_t kMostKept = (std::uint64_t{256} << 20) / kGlyphPixels;

}  // namespace

GlyphSource::GlyphSource(const Options& options)
    : options_(options),
      painter_(std::make_unique<GlyphPainter>(options.seed, options.stream)),
      input_shape_{kGlyphSide, kGlyphSide, 1},
      kept_(std::min(options.samples, kMostKept)),
      // Not initialised: memory for glyphs that this rank never draws is never touched.
      pictures_(std::make_unique_for_overwrite<std::uint8_t[]>((kept_ + 1) * kGlyphPixels)),
      drawn_(kept_) {}

GlyphSource::~GlyphSource() = default;

std::span<const std::uint8_t> GlyphSource::pixels(std::uint64_t index) const {
    const std::uint64_t place = std::min(index, kept_);
    const std::span<std::uint8_t, kGlyphPixels> picture(pictures_.get() + place * kGlyphPixels, kGlyphPixels);
    if (place == kept_ || !drawn_[place]) painter_->paint(index, picture);
    if (place < kept_) drawn_[place] = true;
    return picture;
}

void GlyphSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    for (std::size_t row = 0; row < indices.size(); ++row) {
        if (!out.inputs.empty())
            math::from_bytes(pixels(indices[row]), options_.scale, 0.0F, out.inputs.row(row));
        if (!out.targets.empty()) out.targets.row(row)[0] = static_cast<float>(painter_->label(indices[row]));
    }
}

}  // namespace lockstep
