#pragma once

#include <optional>

#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// y = max_value where x >= max_value, x where threshold < x < max_value, else negative_slope (x -
/// threshold); of the shape of x. The derivative at the kinks is that to their left at threshold, and 0 at
/// max_value.
class Relu final : public ShardLayer {
public:
    struct Options {
        std::optional<double> max_value;  // none: unbounded
        double negative_slope = 0.0;
        double threshold = 0.0;
    };

    /// Throws ConfigError if one of them is negative.
    explicit Relu(Options options);

    static const TypeHelp& help();
    /// Without any key (or with the defaults) the activation of that name as a layer, which is faster.
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "relu"; }
    Config config() const override;
    Shape build(const Shape& input) override { return input; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
    float max_value_, negative_slope_, threshold_;
};

}  // namespace lockstep
