#include <algorithm>
#include <string>
#include <string_view>

#include <lockstep/core/error.h>
#include <lockstep/nn/layers/grid.h>

namespace lockstep {

Grid Grid::of(const Shape& sample, std::size_t axes) {
    constexpr std::array<std::string_view, 3> kShapes{"[steps, channels]", "[height, width, channels]",
                                                      "[depth, height, width, channels]"};
    if (sample.rank() != axes + 1)
        throw ShapeError("expected inputs " + std::string(kShapes[axes - 1]) + ", got " + sample.to_string() +
                         "; a reshape layer before it can join axes, or add one for a single channel");
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
