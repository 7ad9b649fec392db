#include <lockstep/nn/layers/windows.h>

namespace lockstep {

Windows::Windows(const Grid& grid, const AxisSizes& sizes, const AxisSizes& strides, Padding padding)
    : grid_(grid), outputs_(grid) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::size_t index = axes_.size() - sizes.size() + i;
        axes_[index] = WindowAxis::over(grid.extents[index], sizes[i], strides[i], 1, padding);
        outputs_.extents[index] = axes_[index].positions;
    }
}

}  // namespace lockstep
