#pragma once

#include <cstddef>
#include <span>

#include <lockstep/core/config.h>
#include <lockstep/core/shape.h>

namespace lockstep {

/// The order of the axes of images in a file. In memory it is always height, width, channels.
enum class Layout { channels_last, channels_first };

/// The key `layout` of a table: "channels_last" (also if absent) or "channels_first". Throws ConfigError.
Layout read_layout(const Config& keys);

/// The shape in memory of a sample that has `stored` in the file. Only samples with three axes have channels.
Shape in_memory(Layout layout, const Shape& stored);

/// Turns one sample from channels, height, width into height, width, channels. Precondition: `stored` has
/// three axes, from and to its size, and they do not overlap.
template <typename T>
void to_channels_last(const Shape& stored, std::span<const T> from, std::span<T> to) {
    const std::size_t channels = stored[0];
    const std::size_t pixels = stored[1] * stored[2];
    for (std::size_t channel = 0; channel < channels; ++channel)
        for (std::size_t pixel = 0; pixel < pixels; ++pixel)
            to[pixel * channels + channel] = from[channel * pixels + pixel];
}

}  // namespace lockstep
