#include <algorithm>

#include <lockstep/nn/layers/scale_and_center.h>

namespace lockstep {

ScaleAndCenter::ScaleAndCenter(const Options& options)
    : has_gamma_(options.scale),
      has_beta_(options.center),
      gamma_("gamma", options.gamma),
      beta_("beta", options.beta) {}

void ScaleAndCenter::build(std::size_t channels) {
    ones_.assign(channels, 1.0F);
    zeros_.assign(channels, 0.0F);
}

std::vector<WeightSpec> ScaleAndCenter::weights() const {
    std::vector<WeightSpec> specs;
    if (has_gamma_) specs.push_back(gamma_.spec("gamma", {ones_.size()}));
    if (has_beta_) specs.push_back(beta_.spec("beta", {zeros_.size()}));
    return specs;
}

void ScaleAndCenter::add_to(Config& keys) const {
    keys.set("scale", has_gamma_);
    keys.set("center", has_beta_);
    gamma_.add_to(keys);
    beta_.add_to(keys);
}

void ScaleAndCenter::write_gradients(std::span<const double> of_gamma, std::span<const double> of_beta,
                                     std::span<const std::span<float>> gradients) const {
    const auto to_float = [](double value) { return static_cast<float>(value); };
    if (has_gamma_) std::ranges::transform(of_gamma, gradients[0].begin(), to_float);
    if (has_beta_) std::ranges::transform(of_beta, gradients[has_gamma_ ? 1 : 0].begin(), to_float);
}

}  // namespace lockstep
