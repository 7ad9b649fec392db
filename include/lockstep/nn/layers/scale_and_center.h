#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <lockstep/nn/layer_pass.h>
#include <lockstep/nn/layer_weight.h>

namespace lockstep {

/// The first weights of a normalization: gamma, then beta, a number per channel each. One that is left out
/// counts as 1 or 0 everywhere.
class ScaleAndCenter {
public:
    struct Options {
        bool scale = true;   // there is a gamma
        bool center = true;  // there is a beta
        WeightOptions gamma = {.initializer = "ones"};
        WeightOptions beta = {};
    };

    /// Throws ConfigError if something named cannot be made.
    explicit ScaleAndCenter(const Options& options);

    void build(std::size_t channels);
    std::vector<WeightSpec> weights() const;
    /// Adds the keys that make the same weights.
    void add_to(Config& keys) const;
    std::size_t count() const { return (has_gamma_ ? 1U : 0U) + (has_beta_ ? 1U : 0U); }

    std::span<const float> gamma(const LayerPass& pass) const {
        return has_gamma_ ? pass.weights[0] : std::span<const float>(ones_);
    }
    std::span<const float> beta(const LayerPass& pass) const {
        return has_beta_ ? pass.weights[has_gamma_ ? 1 : 0] : std::span<const float>(zeros_);
    }

    /// `of_gamma` and `of_beta`: dL/dgamma and dL/dbeta, wanted or not.
    void write_gradients(std::span<const double> of_gamma, std::span<const double> of_beta,
                         std::span<const std::span<float>> gradients) const;

private:
    bool has_gamma_, has_beta_;
    LayerWeight gamma_, beta_;
    std::vector<float> ones_, zeros_;
};

}  // namespace lockstep
