#pragma once

#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// y = x where x > 0, else alpha (exp(x) - 1); of the shape of x. (Clevert et al., ICLR 2016)
class Elu final : public ShardLayer {
public:
    struct Options {
        double alpha = 1.0;
    };

    /// Throws ConfigError unless alpha >= 0.
    explicit Elu(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "elu"; }
    Config config() const override;
    Shape build(const Shape& input) override { return input; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
};

}  // namespace lockstep
