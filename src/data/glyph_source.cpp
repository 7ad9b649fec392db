#include <algorithm>

#include <lockstep/data/glyph_source.h>
#include <lockstep/math/kernels.h>

#include "glyph_painter.h"
#include "source_keys.h"

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

const TypeHelp& GlyphSource::help() {
    static const TypeHelp help{.summary = "synthetic handwritten digits, 28 x 28 x 1, without files",
                               .keys = {source_keys::kSamples,
                                        {"scale", "1/255", "factor for the pixels, which are 0 to 255"},
                                        source_keys::kSeed,
                                        source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> GlyphSource::from_config(const Config& keys) {
    return std::make_unique<GlyphSource>(Options{.samples = source_keys::samples(keys),
                                                 .scale = source_keys::scale(keys, 1.0 / 255.0),
                                                 .seed = keys.get<std::size_t>("seed", 0),
                                                 .stream = source_keys::stream(keys)});
}

}  // namespace lockstep
