#include <algorithm>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/grid.h>

namespace lockstep {

Grid Grid::of(const Shape& sample, std::size_t axes) {
    if (sample.rank() != axes + 1)
        throw ShapeError("expected inputs of " + std::to_string(axes) +
                         (axes == 1 ? " spatial axis" : " spatial axes") + " and channels, got " +
                         sample.to_string() + "; a reshape layer before it can add or join axes");
    Grid grid;
    std::ranges::copy(sample.extents().first(axes), grid.extents.end() - static_cast<std::ptrdiff_t>(axes));
    grid.channels = sample[axes];
    return grid;
}

Shape Grid::shape(std::size_t axes) const {
    std::vector<std::size_t> shape(extents.end() - static_cast<std::ptrdiff_t>(axes), extents.end());
    shape.push_back(channels);
    return Shape(shape);
}

}  // namespace lockstep
