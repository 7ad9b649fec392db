#include <algorithm>

#include <lockstep/nn/layers/scale_and_center.h>

namespace lockstep {

ScaleAndCenter::ScaleAndCenter(const Options& options)
    : has_gamma_(options.scale),
      has_beta_(options.center),
      gamma_initializer_(make_initializer(options.gamma_initializer)),
      beta_initializer_(make_initializer(options.beta_initializer)) {}

void ScaleAndCenter::build(std::size_t channels) {
    ones_.assign(channels, 1.0F);
    zeros_.assign(channels, 0.0F);
}

std::vector<WeightSpec> ScaleAndCenter::weights() const {
    std::vector<WeightSpec> specs;
    if (has_gamma_) specs.push_back({"gamma", {ones_.size()}, gamma_initializer_});
    if (has_beta_) specs.push_back({"beta", {zeros_.size()}, beta_initializer_});
    return specs;
}

void ScaleAndCenter::write_gradients(std::span<const double> of_gamma, std::span<const double> of_beta,
                                     std::span<const std::span<float>> gradients) const {
    const auto to_float = [](double value) { return static_cast<float>(value); };
    if (has_gamma_) std::ranges::transform(of_gamma, gradients[0].begin(), to_float);
    if (has_beta_) std::ranges::transform(of_beta, gradients[has_gamma_ ? 1 : 0].begin(), to_float);
}

}  // namespace lockstep
