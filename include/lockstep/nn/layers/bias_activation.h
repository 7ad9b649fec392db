#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <lockstep/nn/layer_activation.h>
#include <lockstep/nn/layer_pass.h>

namespace lockstep {

/// How a convolution ends: y = f(z + b) with a bias per channel, a block of positions at a time, while they
/// are in the cache. The bias is the layer's second weight, and what it saves is all that the layer saves.
class BiasActivation {
public:
    /// Throws ConfigError if there is no activation of that name.
    BiasActivation(std::string_view activation, bool use_bias)
        : activation_(activation), use_bias_(use_bias) {}

    void build(std::size_t channels);

    std::size_t saved_floats(std::size_t positions) const {
        return activation_.saved_floats(positions * channels_);
    }
    double flops(std::size_t positions) const {
        return use_bias_ ? static_cast<double>(positions * channels_) : 0.0;
    }

    /// `y` [positions, channels] begins at position `first` of the shard and holds z.
    void apply(const LayerPass& pass, std::size_t first, Matrix y) const;

    /// dy := dL/dz; overwrites the gradient of the bias with the sum over the positions if `first` is 0, else
    /// adds to it.
    void apply_gradient(const LayerPass& pass, std::size_t first, ConstMatrix y, Matrix dy,
                        std::span<const std::span<float>> gradients);

    std::unique_ptr<Activation> release() { return activation_.release(); }

private:
    LayerActivation activation_;
    bool use_bias_;
    std::size_t channels_ = 0;
    std::vector<float> block_sum_;
};

}  // namespace lockstep
