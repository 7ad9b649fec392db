#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/shape.h>

namespace lockstep {

/// What lies around the pixels of an axis: nothing (valid); zeros, so that there are pixels / stride
/// positions, the odd one after (same, as TensorFlow does); or zeros before only, so that no position sees a
/// later pixel (causal).
enum class Padding { valid, same, causal };

/// By its name. Throws ConfigError naming the nearest of `allowed` if it is none of them.
Padding parse_padding(const std::string& name, const std::vector<std::string>& allowed);

/// PatchGrid sliding along one axis: tap t of position p is pixel p * stride + t * dilation - before; where
/// there is none, it is 0.
struct PatchAxis {
    std::size_t pixels = 1;
    std::size_t taps = 1;
    std::size_t stride = 1;
    std::size_t dilation = 1;
    std::size_t before = 0;  // zeros before the first pixel
    std::size_t positions = 1;

    /// Pixels from the first to the last tap, both counted.
    std::size_t span() const { return (taps - 1) * dilation + 1; }

    /// Where a tap lies: at least `pixels` (wrapped around, if before the first one) where there is none.
    std::size_t pixel(std::size_t position, std::size_t tap) const {
        return position * stride + tap * dilation - before;
    }

    /// Positions with all taps on pixels: [inner_begin(), inner_end()).
    std::size_t inner_begin() const;
    std::size_t inner_end() const;

    /// Of a convolution. Formula: TensorFlow, tf.nn.convolution. Throws ShapeError if no position fits.
    static PatchAxis of_convolution(std::size_t pixels, std::size_t taps, std::size_t stride,
                                    std::size_t dilation, Padding padding);

    /// Of a transposed convolution from `positions` to pixels: positions * stride of them, and the rest of
    /// the last window with padding "valid". Formula: Keras, Conv2DTranspose.
    static PatchAxis of_transposed(std::size_t positions, std::size_t taps, std::size_t stride,
                                   Padding padding);
};

/// PatchGrid over images of one to three axes, channels last. Positions are counted through all images of a
/// batch, the last axis fastest; so are taps through a window. A patch is what one window sees: [taps,
/// channels of a group].
///
/// The products of convolutions work on blocks of patches that stay in the cache:
///     gather:  patches [count, patch_size()] of positions [first, first + count)
///     scatter: adds patches to the images, the transpose of gather.
class PatchGrid {
public:
    /// Consecutive positions of a line with consecutive taps, all of them pixels of one group, side by side.
    struct Strip {
        std::size_t image_offset;  // of the first tap of the first position, in floats
        std::size_t position;      // counted from the first one visited
        std::size_t positions;
        std::size_t tap;
        std::size_t taps;
    };

    PatchGrid() = default;

    /// Precondition: 1 to 3 axes; groups divides channels.
    PatchGrid(std::span<const PatchAxis> axes, std::size_t channels, std::size_t groups = 1);

    std::size_t positions() const { return positions_; }  // of an image
    std::size_t taps() const { return taps_; }
    std::size_t image_size() const { return image_size_; }
    std::size_t channels() const { return channels_; }
    std::size_t group_channels() const { return group_channels_; }
    std::size_t patch_size() const { return taps_ * group_channels_; }

    /// From one position to the next in the images, in floats.
    std::size_t image_step() const { return axes_.back().stride * channels_; }

    /// Whether every position sees its own pixel alone, so that images are patches.
    bool is_identity() const { return identity_; }

    /// Positions of a block for products of a patch with `outputs` columns: patches and outputs stay in the
    /// cache of one core.
    std::size_t positions_per_block(std::size_t outputs) const;

    void gather(const float* images, std::size_t first, std::size_t count, std::size_t group,
                float* patches) const;
    void scatter(const float* patches, std::size_t first, std::size_t count, std::size_t group,
                 float* images) const;

    /// Clears those images whose first position is one of [first, first + count).
    void clear_begun(std::size_t first, std::size_t count, float* images) const;

    /// Calls inside(Strip) for taps on pixels, and outside(Strip) for those that are not. For the layers' own
    /// loops: the bodies are in src/nn/layers/patch_strips.h.
    template <typename Inside, typename Outside>
    void visit(std::size_t first, std::size_t count, std::size_t group, const Inside& inside,
               const Outside& outside) const;

private:
    struct Line;

    template <typename Inside, typename Outside>
    void visit_line(const Line& line, const Inside& inside, const Outside& outside) const;
    template <typename Inside, typename Outside>
    void visit_row(const Line& line, std::size_t row_offset, std::size_t tap, const Inside& inside,
                   const Outside& outside) const;
    template <typename Inside, typename Outside>
    void visit_edge(std::size_t at, std::size_t position, std::size_t row_offset, std::size_t tap,
                    const Inside& inside, const Outside& outside) const;

    std::array<PatchAxis, 3> axes_;
    std::size_t channels_ = 1;
    std::size_t group_channels_ = 1;
    std::size_t positions_ = 1;
    std::size_t taps_ = 1;
    std::size_t image_size_ = 1;
    bool identity_ = true;
    bool taps_adjoin_ = true;  // the taps of a row of a window lie side by side
};

}  // namespace lockstep
