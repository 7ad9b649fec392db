#include "png_image.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <png.h>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

constexpr std::uint8_t kWhite = 255;

/// What lies at `black` or below becomes 0, at `white` or above 255; NaN becomes 0.
std::vector<std::uint8_t> to_bytes(std::span<const float> values, double black, double white) {
    const double scale = white > black ? kWhite / (white - black) : 0.0;
    std::vector<std::uint8_t> bytes(values.size());
    std::ranges::transform(values, bytes.begin(), [&](double value) {
        const double level = (value - black) * scale;
        return level > 0.0 ? static_cast<std::uint8_t>(std::lround(std::min(level, 255.0))) : std::uint8_t{0};
    });
    return bytes;
}

/// From the smallest finite value to the largest.
std::vector<std::uint8_t> to_bytes(std::span<const float> values) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    return to_bytes(values, low, high);
}

Picture lying(const std::vector<std::uint8_t>& bytes, std::size_t rows, std::size_t columns) {
    if (rows <= columns) return {.height = rows, .width = columns, .channels = 1, .pixels = bytes};
    Picture turned{.height = columns, .width = rows, .channels = 1, .pixels = {}};
    for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t row = 0; row < rows; ++row) turned.pixels.push_back(bytes[row * columns + column]);
    return turned;
}

/// `bytes`: [height, width, tiles].
Picture mosaic(const std::vector<std::uint8_t>& bytes, std::size_t height, std::size_t width,
               std::size_t tiles) {
    const auto across = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(tiles))));
    const std::size_t down = (tiles + across - 1) / across;
    Picture all{
        .height = down * (height + 1) - 1, .width = across * (width + 1) - 1, .channels = 1, .pixels = {}};
    all.pixels.assign(all.height * all.width, kWhite);
    for (std::size_t tile = 0; tile < tiles; ++tile)
        for (std::size_t y = 0; y < height; ++y)
            for (std::size_t x = 0; x < width; ++x) {
                const std::size_t row = tile / across * (height + 1) + y;
                const std::size_t column = tile % across * (width + 1) + x;
                all.pixels[row * all.width + column] = bytes[(y * width + x) * tiles + tile];
            }
    return all;
}

png_uint_32 png_format(std::size_t channels) {
    constexpr std::array<png_uint_32, 4> kFormats{PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB,
                                                  PNG_FORMAT_RGBA};
    return kFormats[channels - 1];
}

}  // namespace

Picture picture_of_pixels(std::span<const float> values, std::size_t height, std::size_t width,
                          std::size_t channels) {
    if (height == 0 || width == 0 || channels < 1 || channels > 4 ||
        values.size() != height * width * channels)
        throw ShapeError(
            fmt::format("an image of {} x {} pixels with {} channels: expected 1 to 4 channels and as many "
                        "values as that makes, got {} values",
                        height, width, channels, values.size()));
    return {.height = height, .width = width, .channels = channels, .pixels = to_bytes(values, 0.0, 1.0)};
}

Picture picture_of_array(std::span<const float> values, const Shape& shape) {
    const std::vector<std::uint8_t> bytes = to_bytes(values);
    if (shape.rank() < 2) return {.height = 1, .width = bytes.size(), .channels = 1, .pixels = bytes};
    if (shape.rank() == 2) return lying(bytes, shape[0], shape[1]);
    return mosaic(bytes, shape[0], shape[1], bytes.size() / (shape[0] * shape[1]));
}

Picture picture_of_sample(std::span<const float> values, const Shape& shape) {
    const std::size_t channels = shape.rank() == 3 ? shape[2] : 1;
    if (channels != 1 && channels != 3) return mosaic(to_bytes(values), shape[0], shape[1], channels);
    return {.height = shape[0], .width = shape[1], .channels = channels, .pixels = to_bytes(values)};
}

std::string encode_png(const Picture& picture) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.height = static_cast<png_uint_32>(picture.height);
    image.width = static_cast<png_uint_32>(picture.width);
    image.format = png_format(picture.channels);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string bytes(size, '\0');
    if (png_image_write_to_memory(&image, bytes.data(), &size, /*convert_to_8_bit=*/0, picture.pixels.data(),
                                  /*row_stride=*/0, /*colormap=*/nullptr) == 0)
        throw Error(fmt::format("a PNG image of {} x {} pixels: {}", picture.height, picture.width,
                                std::string(image.message)));
    bytes.resize(size);
    return bytes;
}

}  // namespace lockstep
