#include <string>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/windows.h>

namespace lockstep {
namespace {

std::size_t divide_up(std::size_t number, std::size_t divisor) {
    return (number + divisor - 1) / divisor;
}

void check_fits(std::size_t size, std::size_t extent) {
    if (size <= extent) return;
    throw ShapeError("expected windows no larger than the inputs, got a window of " + std::to_string(size) +
                     " places on an axis of " + std::to_string(extent) +
                     "; make it smaller or set padding = \"same\"");
}

}  // namespace

Windows::Windows(const Grid& grid, const Extents3& sizes, const Extents3& strides, Padding padding)
    : grid_(grid), outputs_(grid), sizes_(sizes), strides_(strides) {
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
        const std::size_t extent = grid.extents[axis], size = sizes[axis], stride = strides[axis];
        std::size_t& windows = outputs_.extents[axis];
        if (padding == Padding::valid) {
            check_fits(size, extent);
            windows = (extent - size) / stride + 1;
        } else {
            windows = divide_up(extent, stride);
            const std::size_t end = (windows - 1) * stride + size;  // of the last window, without padding
            before_[axis] = (std::max(end, extent) - extent) / 2;
        }
    }
}

}  // namespace lockstep
