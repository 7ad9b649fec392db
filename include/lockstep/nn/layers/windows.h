#pragma once

#include <algorithm>
#include <cstddef>

#include <lockstep/nn/layers/grid.h>

namespace lockstep {

/// Windows that slide over a grid. Window o of an axis covers the places from o * stride - before on, `size`
/// of them, as far as the grid has them: there are no places in the padding.
class Windows {
public:
    enum class Padding { valid, same };  // as in Keras

    /// Places [first, last) of each axis.
    struct Box {
        Extents3 first, last;
        std::size_t places() const {
            return (last[0] - first[0]) * (last[1] - first[1]) * (last[2] - first[2]);
        }
    };

    Windows() = default;

    /// Valid: all windows that lie within the grid, (extent - size) / stride + 1 of them. Same: ceil(extent /
    /// stride), with the padding that this takes on both sides, an odd place behind. Throws ShapeError if
    /// not even one lies within the grid.
    Windows(const Grid& grid, const Extents3& sizes, const Extents3& strides, Padding padding);

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
    void set_range(Box& box, std::size_t axis, std::size_t window) const {
        const std::size_t start = window * strides_[axis], before = before_[axis];
        box.first[axis] = std::max(start, before) - before;
        box.last[axis] = std::min(start + sizes_[axis] - before, grid_.extents[axis]);
    }

    Grid grid_, outputs_;
    Extents3 sizes_{1, 1, 1}, strides_{1, 1, 1}, before_{};
};

}  // namespace lockstep
