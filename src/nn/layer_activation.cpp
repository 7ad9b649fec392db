#include <algorithm>

#include <lockstep/nn/layer_activation.h>

namespace lockstep {

std::size_t LayerActivation::saved_floats(std::size_t outputs) const {
    return needs_input() ? outputs : 0;
}

void LayerActivation::apply(Matrix y, std::span<float> saved) const {
    if (!activation_) return;
    if (needs_input() && !saved.empty()) std::ranges::copy(y.values(), saved.begin());
    activation_->apply(y);
}

void LayerActivation::apply_gradient(ConstMatrix y, std::span<const float> saved, Matrix dy) const {
    if (!activation_) return;
    const ConstMatrix x = needs_input() ? ConstMatrix(saved.data(), y.rows(), y.columns()) : ConstMatrix();
    activation_->apply_gradient(x, y, dy);
}

std::unique_ptr<Activation> LayerActivation::release() {
    return needs_input() ? nullptr : std::move(activation_);
}

}  // namespace lockstep
