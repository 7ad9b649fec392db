#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lockstep {

/// What lies around the places of an axis: nothing (valid); so much that there are places / stride windows,
/// rounded up, the odd place after (same, as TensorFlow does); or places before only, so that no window sees
/// a later place (causal).
enum class Padding { valid, same, causal };

/// By its name. Throws ConfigError naming the nearest of `allowed` if it is none of them.
Padding parse_padding(const std::string& name, const std::vector<std::string>& allowed);

/// A window sliding along one axis, from one position to the next: its tap t at position p lies on place
/// p * stride + t * dilation - before, or on none, in the padding.
struct WindowAxis {
    std::size_t places = 1;
    std::size_t taps = 1;
    std::size_t stride = 1;
    std::size_t dilation = 1;
    std::size_t before = 0;  // padding before the first place
    std::size_t positions = 1;

    /// Places from the first to the last tap, both counted.
    std::size_t span() const { return (taps - 1) * dilation + 1; }

    /// Where a tap lies: at least `places` (wrapped around, if before the first one) in the padding.
    std::size_t place(std::size_t position, std::size_t tap) const {
        return position * stride + tap * dilation - before;
    }

    /// Positions with all taps on places: [inner_begin(), inner_end()).
    std::size_t inner_begin() const;
    std::size_t inner_end() const;

    /// The axis on which the gradient of the places is a convolution over that of the positions, padded: as
    /// many positions as there are places here, one after the other.
    WindowAxis turned_around() const {
        return {.places = positions, .taps = taps, .dilation = dilation, .positions = places};
    }

    /// Over so many places, for convolutions and pooling. Formula: TensorFlow, tf.nn.convolution. Throws
    /// ShapeError if no window fits.
    static WindowAxis over(std::size_t places, std::size_t taps, std::size_t stride, std::size_t dilation,
                           Padding padding);

    /// Of a transposed convolution from `positions` to places: positions * stride of them, and the rest of
    /// the last window with padding "valid". Formula: Keras, Conv2DTranspose.
    static WindowAxis of_transposed(std::size_t positions, std::size_t taps, std::size_t stride,
                                    Padding padding);
};

}  // namespace lockstep
