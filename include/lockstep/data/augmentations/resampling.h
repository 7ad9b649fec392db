#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/registry.h>
#include <lockstep/data/augmentations/image_size.h>

namespace lockstep {

/// What lies beyond the edges of the image "abcd"; as in Keras.
enum class FillMode {
    constant,  // kkkk abcd kkkk, with k the fill value
    reflect,   // dcba abcd dcba
    wrap,      // abcd abcd abcd
    nearest,   // aaaa abcd dddd
};

/// How an image is read between and beyond its pixels.
struct Resampling {
    FillMode fill_mode = FillMode::reflect;
    bool bilinear = true;  // else the nearest pixel
    double fill_value = 0.0;
};

/// The keys fill_mode, interpolation and fill_value. Throws ConfigError.
Resampling read_resampling(const Config& keys);
const std::vector<TypeHelp::Key>& resampling_help();

/// A point of the image for each pixel of the result: y = top[0] i + top[1] j + top[2] for line i and column
/// j, and x likewise from `left`. Pixel (i, j) has its centre at y = i, x = j.
struct AffineMap {
    std::array<double, 3> top;
    std::array<double, 3> left;
};

/// Writes to each pixel of `to` what `from` has at its point; both have the size `size`. Between pixels
/// "bilinear" weights the four around, of which those beyond the edge count as the fill mode says.
void resample(const Resampling& how, const ImageSize& size, const AffineMap& points,
              std::span<const float> from, std::span<float> to);

}  // namespace lockstep
