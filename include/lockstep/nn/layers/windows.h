#pragma once

#include <algorithm>
#include <cstddef>

#include <lockstep/nn/layers/grid.h>
#include <lockstep/nn/layers/window_axis.h>

namespace lockstep {

/// Windows that slide over a grid, as pooling needs them: each is a box of places, without the padding.
class Windows {
public:
    /// Places [first, last) of each axis.
    struct Box {
        Extents3 first, last;
        std::size_t places() const {
            return (last[0] - first[0]) * (last[1] - first[1]) * (last[2] - first[2]);
        }
    };

    Windows() = default;

    /// `sizes` and `strides` are those of the grid's last axes. Throws ShapeError if no window fits.
    Windows(const Grid& grid, const AxisSizes& sizes, const AxisSizes& strides, Padding padding);

    /// What the windows slide over.
    const Grid& grid() const { return grid_; }
    /// A place for each window.
    const Grid& outputs() const { return outputs_; }

    /// Calls visit(number of the window, its box), in order.
    template <typename Visit>
    void for_each(Visit visit) const {
        std::size_t window = 0;
        Box box{};
        for (std::size_t i = 0; i < outputs_.extents[0]; ++i) {
            set_range(box, 0, i);
            for (std::size_t j = 0; j < outputs_.extents[1]; ++j) {
                set_range(box, 1, j);
                for (std::size_t k = 0; k < outputs_.extents[2]; ++k) {
                    set_range(box, 2, k);
                    visit(window++, box);
                }
            }
        }
    }

    /// Calls visit(number of the place in the grid) for all places of a box, in order.
    template <typename Visit>
    void for_each_place(const Box& box, Visit visit) const {
        for (std::size_t i = box.first[0]; i < box.last[0]; ++i) {
            for (std::size_t j = box.first[1]; j < box.last[1]; ++j) {
                const std::size_t line = (i * grid_.extents[1] + j) * grid_.extents[2];
                for (std::size_t k = box.first[2]; k < box.last[2]; ++k) visit(line + k);
            }
        }
    }

private:
    void set_range(Box& box, std::size_t index, std::size_t position) const {
        const WindowAxis& axis = axes_[index];
        const std::size_t start = position * axis.stride;
        box.first[index] = std::max(start, axis.before) - axis.before;
        box.last[index] = std::min(start + axis.taps - axis.before, axis.places);
    }

    Grid grid_, outputs_;
    std::array<WindowAxis, 3> axes_;
};

}  // namespace lockstep
