#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/interpolation.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// More places: [height, width, channels] becomes [height * size, width * size, channels].
template <std::size_t Axes>
class UpSampling final : public ShardLayer {
public:
    struct Options {
        AxisSizes size = {2};
        std::string interpolation = "nearest";  // or "bilinear", of two axes
    };

    /// Throws ConfigError if a list has not one entry, or one per axis, each at least 1, or if there is no
    /// such interpolation.
    explicit UpSampling(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    Config config() const override;
    /// Throws ShapeError unless the input has the layer's number of axes.
    Shape build(const Shape& input) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
    std::unique_ptr<const Interpolation> interpolation_;
};

using UpSampling1D = UpSampling<1>;
using UpSampling2D = UpSampling<2>;
using UpSampling3D = UpSampling<3>;

}  // namespace lockstep
