#include <algorithm>

#include <lockstep/nn/layers/view.h>

namespace lockstep {

void View::forward(const LayerPass& /*pass*/, ConstMatrix x, Matrix y) {
    std::ranges::copy(x.values(), y.data());
}

void View::backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*y*/, Matrix dy, Matrix dx,
                    std::span<const std::span<float>> /*gradients*/) {
    if (!dx.empty()) std::ranges::copy(dy.values(), dx.data());
}

}  // namespace lockstep
