#include <algorithm>
#include <cmath>
#include <string>

#include <lockstep/data/augmentations/resampling.h>

namespace lockstep {

namespace {

constexpr std::int64_t kBeyond = -1;

/// The pixel of an axis that stands for `index`; kBeyond where it is the fill value.
std::int64_t pixel_of(FillMode mode, std::int64_t index, std::int64_t extent) {
    if (index >= 0 && index < extent) return index;
    const auto remainder = [&](std::int64_t period) { return (index % period + period) % period; };
    switch (mode) {
        case FillMode::nearest:
            return std::clamp(index, std::int64_t{0}, extent - 1);
        case FillMode::wrap:
            return remainder(extent);
        case FillMode::reflect:
            return std::min(remainder(2 * extent), 2 * extent - 1 - remainder(2 * extent));
        case FillMode::constant:
            break;
    }
    return kBeyond;
}

/// Reads one image.
class Reader {
public:
    Reader(const Resampling& how, const ImageSize& size, std::span<const float> image)
        : how_(how), size_(size), image_(image), fill_(static_cast<float>(how.fill_value)) {}

    /// Adds `share` of the pixel at line i and column j to `to`.
    void add(std::int64_t i, std::int64_t j, float share, std::span<float> to) const {
        const std::int64_t line = pixel_of(how_.fill_mode, i, static_cast<std::int64_t>(size_.height));
        const std::int64_t column = pixel_of(how_.fill_mode, j, static_cast<std::int64_t>(size_.width));
        if (line == kBeyond || column == kBeyond) {
            for (float& value : to) value += share * fill_;
            return;
        }
        const auto place = static_cast<std::size_t>(line) * size_.width + static_cast<std::size_t>(column);
        const float* pixel = image_.data() + place * size_.channels;
        for (std::size_t channel = 0; channel < to.size(); ++channel) to[channel] += share * pixel[channel];
    }

    /// Writes what is at the point (y, x) to `to`.
    void read(double y, double x, std::span<float> to) const {
        std::ranges::fill(to, 0.0F);
        if (!how_.bilinear) return add(whole(y + 0.5), whole(x + 0.5), 1.0F, to);
        const auto below = static_cast<float>(y - std::floor(y));
        const auto right = static_cast<float>(x - std::floor(x));
        const std::int64_t i = whole(y), j = whole(x);
        add(i, j, (1.0F - below) * (1.0F - right), to);
        if (right > 0.0F) add(i, j + 1, (1.0F - below) * right, to);
        if (below > 0.0F) add(i + 1, j, below * (1.0F - right), to);
        if (right > 0.0F && below > 0.0F) add(i + 1, j + 1, below * right, to);
    }

private:
    static std::int64_t whole(double value) { return static_cast<std::int64_t>(std::floor(value)); }

    const Resampling& how_;
    const ImageSize& size_;
    std::span<const float> image_;
    float fill_;
};

FillMode read_fill_mode(const Config& keys) {
    const auto mode = keys.get<std::string>("fill_mode", "reflect");
    if (mode == "constant") return FillMode::constant;
    if (mode == "reflect") return FillMode::reflect;
    if (mode == "wrap") return FillMode::wrap;
    if (mode == "nearest") return FillMode::nearest;
    keys.at("fill_mode")
        .fail("expected \"constant\", \"reflect\", \"wrap\" or \"nearest\", got \"" + mode + "\"");
}

}  // namespace

void resample(const Resampling& how, const ImageSize& size, const AffineMap& points,
              std::span<const float> from, std::span<float> to) {
    const Reader reader(how, size, from);
    for (std::size_t line = 0; line < size.height; ++line) {
        for (std::size_t column = 0; column < size.width; ++column) {
            const auto i = static_cast<double>(line), j = static_cast<double>(column);
            reader.read(points.top[0] * i + points.top[1] * j + points.top[2],
                        points.left[0] * i + points.left[1] * j + points.left[2],
                        to.subspan((line * size.width + column) * size.channels, size.channels));
        }
    }
}

Resampling read_resampling(const Config& keys) {
    Resampling how{.fill_mode = read_fill_mode(keys), .fill_value = keys.get<double>("fill_value", 0.0)};
    if (!std::isfinite(how.fill_value)) keys.at("fill_value").fail("expected a finite number");
    const auto interpolation = keys.get<std::string>("interpolation", "bilinear");
    how.bilinear = interpolation == "bilinear";
    if (!how.bilinear && interpolation != "nearest")
        keys.at("interpolation").fail("expected \"bilinear\" or \"nearest\", got \"" + interpolation + "\"");
    return how;
}

const std::vector<TypeHelp::Key>& resampling_help() {
    static const std::vector<TypeHelp::Key> keys{
        {"fill_mode", "reflect",
         "beyond the edges of \"abcd\": \"reflect\" (dcba), \"nearest\" (dddd), \"wrap\" (abcd) or "
         "\"constant\""},
        {"fill_value", "0", "with fill_mode = \"constant\", in the units that the model sees"},
        {"interpolation", "bilinear", "or \"nearest\""}};
    return keys;
}

}  // namespace lockstep
