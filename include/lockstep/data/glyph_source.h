#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/data/source.h>

namespace lockstep {

class GlyphPainter;

/// Handwritten digits without a file: 28 x 28 x 1, drawn from strokes with random slant, size, pressure,
/// tremor and grain. A sample is a function of (seed, stream, index). A glyph that was drawn once is kept as
/// bytes, up to 256 MiB.
class GlyphSource final : public Source {
public:
    struct Options {
        std::uint64_t samples = 0;
        float scale = 1.0F / 255.0F;  // of the pixels, which are 0 to 255
        std::uint64_t seed = 0;
        std::uint64_t stream = 0;  // 0 to 3; other streams have other samples
    };

    explicit GlyphSource(const Options& options);
    ~GlyphSource() override;

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

    std::uint64_t size() const override { return options_.samples; }
    const Shape& input_shape() const override { return input_shape_; }
    const Shape& target_shape() const override { return target_shape_; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    std::string describe() const override { return "glyphs"; }

private:
    std::span<const std::uint8_t> pixels(std::uint64_t index) const;

    Options options_;
    std::unique_ptr<GlyphPainter> painter_;
    Shape input_shape_, target_shape_{1};

    // Of read(), kept from call to call.
    std::uint64_t kept_;                        // the first so many samples are
    std::unique_ptr<std::uint8_t[]> pictures_;  // of these, and one more
    mutable std::vector<bool> drawn_;
};

}  // namespace lockstep
