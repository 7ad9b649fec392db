#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// y = scale * x + offset, element by element.
class Rescaling final : public ShardLayer {
public:
    struct Options {
        double scale = 1.0;
        double offset = 0.0;
    };

    /// Throws ConfigError unless both are finite.
    explicit Rescaling(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "rescaling"; }
    Config config() const override;
    Shape build(const Shape& input) override { return input; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
};

}  // namespace lockstep
