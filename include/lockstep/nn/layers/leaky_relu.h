#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// y = x where x > 0, else negative_slope x; of the shape of x. As in Keras the layer's default slope is 0.3,
/// that of the activation of this name 0.2.
class LeakyRelu final : public ShardLayer {
public:
    struct Options {
        double negative_slope = 0.3;
    };

    /// Throws ConfigError unless negative_slope >= 0.
    explicit LeakyRelu(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "leaky_relu"; }
    Config config() const override;
    Shape build(const Shape& input) override { return input; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
};

}  // namespace lockstep
