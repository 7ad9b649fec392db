#pragma once

#include <array>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/margins.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Zeros before and after the places of each spatial axis: [height, width, channels] becomes [before + height
/// + after, before + width + after, channels].
template <std::size_t Axes>
class ZeroPadding final : public ShardLayer {
public:
    struct Options {
        Margins padding = {{1, 1}};  // places that are added
    };

    /// Throws ConfigError unless there is one margin, or one for each axis.
    explicit ZeroPadding(const Options& options);

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
    std::array<Margin, 3> margins_;
    Frame frame_;
};

using ZeroPadding1D = ZeroPadding<1>;
using ZeroPadding2D = ZeroPadding<2>;
using ZeroPadding3D = ZeroPadding<3>;

}  // namespace lockstep
