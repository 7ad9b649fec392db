#pragma once

#include <array>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/margins.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Leaves out places at both ends of each spatial axis: [height, width, channels] becomes [height - before -
/// after, width - before - after, channels].
template <std::size_t Axes>
class Cropping final : public ShardLayer {
public:
    struct Options {
        Margins cropping = {Axes == 2 ? Margin{0, 0} : Margin{1, 1}};  // places that are left out
    };

    /// Throws ConfigError unless there is one margin, or one for each axis.
    explicit Cropping(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    Config config() const override;
    /// Throws ShapeError unless the input has the layer's number of axes and more places than are left out.
    Shape build(const Shape& input) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    std::array<Margin, 3> margins_;
    Frame frame_;
};

using Cropping1D = Cropping<1>;
using Cropping2D = Cropping<2>;
using Cropping3D = Cropping<3>;

}  // namespace lockstep
