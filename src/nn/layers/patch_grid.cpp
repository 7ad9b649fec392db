#include <algorithm>
#include <cstring>
#include <type_traits>

#include <lockstep/nn/layers/patch_grid.h>

#include "divide_up.h"
#include "patch_strips.h"

namespace lockstep {
namespace {

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

PatchGrid::PatchGrid(std::span<const WindowAxis> axes, std::size_t channels, std::size_t groups)
    : channels_(channels), group_channels_(channels / groups), image_size_(channels) {
    std::ranges::copy(axes, axes_.end() - static_cast<std::ptrdiff_t>(axes.size()));
    for (const WindowAxis& axis : axes_) {
        positions_ *= axis.positions;
        taps_ *= axis.taps;
        image_size_ *= axis.places;
        identity_ = identity_ && axis.taps == 1 && axis.stride == 1 && axis.places == axis.positions;
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
