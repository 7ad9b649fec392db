#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <lockstep/nn/layers/window_axis.h>

namespace lockstep {

/// Windows over images of one to three axes, channels last, as convolutions need them. Positions are counted
/// through all images of a batch, the last axis fastest; so are taps through a window. A patch is what one
/// window sees: [taps, channels of a group], 0 in the padding.
///
/// The products of convolutions work on blocks of patches that stay in the cache:
///     gather:  patches [count, patch_size()] of positions [first, first + count)
///     scatter: adds patches to the images, the transpose of gather.
class PatchGrid {
public:
    PatchGrid() = default;

    /// Precondition: 1 to 3 axes; groups divides channels.
    PatchGrid(std::span<const WindowAxis> axes, std::size_t channels, std::size_t groups = 1);

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

private:
    /// Consecutive positions of a line with consecutive taps, all of them on pixels of one group, side by
    /// side.
    struct Strip {
        std::size_t image_offset;  // of the first tap of the first position, in floats
        std::size_t position;      // counted from the first one visited
        std::size_t positions;
        std::size_t tap;
        std::size_t taps;
    };
    struct Line;

    /// Calls inside(Strip) for taps on pixels, and outside(Strip) for those that are not.
    template <typename Inside, typename Outside>
    void visit(std::size_t first, std::size_t count, std::size_t group, const Inside& inside,
               const Outside& outside) const;
    template <typename Inside, typename Outside>
    void visit_line(const Line& line, const Inside& inside, const Outside& outside) const;
    template <typename Inside, typename Outside>
    void visit_row(const Line& line, std::size_t row_offset, std::size_t tap, const Inside& inside,
                   const Outside& outside) const;
    template <typename Inside, typename Outside>
    void visit_edge(std::size_t at, std::size_t position, std::size_t row_offset, std::size_t tap,
                    const Inside& inside, const Outside& outside) const;

    std::array<WindowAxis, 3> axes_;
    std::size_t channels_ = 1;
    std::size_t group_channels_ = 1;
    std::size_t positions_ = 1;
    std::size_t taps_ = 1;
    std::size_t image_size_ = 1;
    bool identity_ = true;
    bool taps_adjoin_ = true;  // the taps of a row of a window lie side by side
};

}  // namespace lockstep
