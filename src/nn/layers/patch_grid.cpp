#include <algorithm>
#include <cstring>
#include <type_traits>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/patch_grid.h>

#include "../unknown_name.h"
#include "patch_strips.h"

namespace lockstep {
namespace {

std::size_t divide_up(std::size_t value, std::size_t divisor) {
    return (value + divisor - 1) / divisor;
}

/// Calls body(length), as a constant where it is one of those of a single channel, or three, and a usual
/// window: the compiler then makes a few moves of each copy.
template <typename Body>
void with_length(std::size_t length, const Body& body) {
    switch (length) {
        case 1:
            return body(std::integral_constant<std::size_t, 1>());
        case 3:
            return body(std::integral_constant<std::size_t, 3>());
        case 5:
            return body(std::integral_constant<std::size_t, 5>());
        case 7:
            return body(std::integral_constant<std::size_t, 7>());
        case 9:
            return body(std::integral_constant<std::size_t, 9>());
        default:
            return body(length);
    }
}

}  // namespace

Padding parse_padding(const std::string& name, const std::vector<std::string>& allowed) {
    if (std::ranges::find(allowed, name) == allowed.end()) throw_unknown_name("padding", name, allowed);
    if (name == "causal") return Padding::causal;
    return name == "same" ? Padding::same : Padding::valid;
}

std::size_t PatchAxis::inner_begin() const {
    return divide_up(before, stride);
}

std::size_t PatchAxis::inner_end() const {
    if (pixels + before < span()) return 0;
    return std::min(positions, (pixels + before - span()) / stride + 1);
}

PatchAxis PatchAxis::of_convolution(std::size_t pixels, std::size_t taps, std::size_t stride,
                                    std::size_t dilation, Padding padding) {
    PatchAxis axis{.pixels = pixels, .taps = taps, .stride = stride, .dilation = dilation};
    axis.positions = divide_up(pixels, stride);
    if (padding == Padding::causal) {
        axis.before = axis.span() - 1;
    } else if (padding == Padding::same) {
        const std::size_t covered = (axis.positions - 1) * stride + axis.span();
        axis.before = covered > pixels ? (covered - pixels) / 2 : 0;
    } else {
        if (pixels < axis.span())
            throw ShapeError("expected at least " + std::to_string(axis.span()) +
                             " pixels on each axis for this kernel_size and dilation_rate, got " +
                             std::to_string(pixels) + "; use a smaller kernel or padding = \"same\"");
        axis.positions = (pixels - axis.span()) / stride + 1;
    }
    return axis;
}

PatchAxis PatchAxis::of_transposed(std::size_t positions, std::size_t taps, std::size_t stride,
                                   Padding padding) {
    PatchAxis axis{.pixels = positions * stride, .taps = taps, .stride = stride};
    axis.positions = positions;
    const std::size_t overhang = taps > stride ? taps - stride : 0;
    if (padding == Padding::same)
        axis.before = overhang / 2;
    else
        axis.pixels += overhang;
    return axis;
}

PatchGrid::PatchGrid(std::span<const PatchAxis> axes, std::size_t channels, std::size_t groups)
    : channels_(channels), group_channels_(channels / groups), image_size_(channels) {
    std::ranges::copy(axes, axes_.end() - static_cast<std::ptrdiff_t>(axes.size()));
    for (const PatchAxis& axis : axes_) {
        positions_ *= axis.positions;
        taps_ *= axis.taps;
        image_size_ *= axis.pixels;
        identity_ = identity_ && axis.taps == 1 && axis.stride == 1 && axis.pixels == axis.positions;
    }
    taps_adjoin_ = groups == 1 && axes_[2].dilation == 1;
}

std::size_t PatchGrid::positions_per_block(std::size_t outputs) const {
    constexpr std::size_t kFloatsInCache = 128 * 1024;
    constexpr std::size_t kFewest = 64;
    // OpenBLAS has kernels for small products (on some CPUs), up to so many multiplications. Measured: with
    // few multiplications per position, blocks of that size are faster.
    constexpr std::size_t kUnpacked = 1000 * 1000;
    constexpr std::size_t kFewestUnpacked = 200;
    const std::size_t cached = std::max(kFewest, kFloatsInCache / (patch_size() + outputs));
    const std::size_t unpacked = kUnpacked / (patch_size() * outputs);
    return unpacked < kFewestUnpacked ? cached : std::min(cached, unpacked);
}

void PatchGrid::gather(const float* images, std::size_t first, std::size_t count, std::size_t group,
                       float* patches) const {
    const std::size_t patch = patch_size(), channels = group_channels_, step = image_step();
    const auto copy = [=](const Strip& strip) {
        const float* from = images + strip.image_offset;
        float* to = patches + strip.position * patch + strip.tap * channels;
        with_length(strip.taps * channels, [=](auto length) {
            for (std::size_t i = 0; i < strip.positions; ++i)
                std::memcpy(to + i * patch, from + i * step, length * sizeof(float));
        });
    };
    const auto clear = [=](const Strip& strip) {
        float* to = patches + strip.position * patch + strip.tap * channels;
        for (std::size_t i = 0; i < strip.positions; ++i)
            std::fill_n(to + i * patch, strip.taps * channels, 0.0F);
    };
    visit(first, count, group, copy, clear);
}

void PatchGrid::scatter(const float* patches, std::size_t first, std::size_t count, std::size_t group,
                        float* images) const {
    const std::size_t patch = patch_size(), channels = group_channels_, step = image_step();
    const auto add = [=](const Strip& strip) {
        const float* from = patches + strip.position * patch + strip.tap * channels;
        float* to = images + strip.image_offset;
        with_length(strip.taps * channels, [=](auto length) {
            for (std::size_t i = 0; i < strip.positions; ++i) {
                const float* __restrict source = from + i * patch;
                float* __restrict target = to + i * step;
                for (std::size_t j = 0; j < length; ++j) target[j] += source[j];
            }
        });
    };
    visit(first, count, group, add, [](const Strip&) {});
}

void PatchGrid::clear_begun(std::size_t first, std::size_t count, float* images) const {
    const std::size_t begin = divide_up(first, positions_), end = divide_up(first + count, positions_);
    std::fill_n(images + begin * image_size_, (end - begin) * image_size_, 0.0F);
}

}  // namespace lockstep
