#include <lockstep/math/kernels.h>
#include <lockstep/nn/layers/bias_activation.h>

namespace lockstep {

void BiasActivation::build(std::size_t channels) {
    channels_ = channels;
    block_sum_.resize(channels);
}

void BiasActivation::apply(const LayerPass& pass, std::size_t first, Matrix y) const {
    if (use_bias_) math::add_bias(pass.weights[1], y.rows(), y.values());
    const std::size_t saved = activation_.saved_floats(channels_);
    activation_.apply(y, pass.saved.subspan(saved * first, saved * y.rows()));
}

void BiasActivation::apply_gradient(const LayerPass& pass, std::size_t first, ConstMatrix y, Matrix dy,
                                    std::span<const std::span<float>> gradients) {
    const std::size_t saved = activation_.saved_floats(channels_);
    activation_.apply_gradient(y, pass.saved.subspan(saved * first, saved * y.rows()), dy);
    if (!use_bias_) return;
    math::sum_rows(dy.values(), dy.rows(), first == 0 ? gradients[1] : std::span(block_sum_));
    if (first != 0) math::add(gradients[1], block_sum_, gradients[1]);
}

}  // namespace lockstep
