#include <lockstep/core/error.h>
#include <lockstep/data/augmentations/image_size.h>

namespace lockstep {

ImageSize ImageSize::of(const Shape& shape) {
    if (shape.rank() != 3)
        throw ShapeError("expected images [height, width, channels], got samples of shape " +
                         shape.to_string());
    return {shape[0], shape[1], shape[2]};
}

}  // namespace lockstep
