#include <limits>

#include <lockstep/core/error.h>
#include <lockstep/core/shape.h>

namespace lockstep {

std::size_t Shape::size() const {
    std::size_t product = 1;
    for (const std::size_t extent : extents_) {
        if (extent == 0) return 0;
    }
    for (const std::size_t extent : extents_) {
        if (product > std::numeric_limits<std::size_t>::max() / extent) {
            throw ShapeError("shape " + to_string() +
                             ": expected a number of elements that fits 64 bits, got more");
        }
        product *= extent;
    }
    return product;
}

std::string Shape::to_string() const {
    std::string text;
    for (const std::size_t extent : extents_) text += (text.empty() ? "" : ", ") + std::to_string(extent);
    return "[" + text + "]";
}

}  // namespace lockstep
