#pragma once

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/grid.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Dropout of whole channels: in training, sets a random part of them to zero and multiplies the others by 1
/// / (1 - rate); otherwise y = x. What is dropped is a function of the seed, the layer, the pass and the
/// sample's place in the pass, so it does not depend on shards or ranks. (Tompson et al., "Efficient object
/// localization using convolutional networks", CVPR 2015)
template <std::size_t Axes>
class SpatialDropout final : public ShardLayer {
public:
    struct Options {
        double rate = 0.5;  // the part that is dropped, in [0, 1)
    };

    /// Throws ConfigError unless 0 <= rate < 1.
    explicit SpatialDropout(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override;
    Config config() const override { return Config::table({{"rate", options_.rate}}); }
    /// Throws ShapeError unless the input has the layer's number of axes.
    Shape build(const Shape& input) override;
    void reserve(std::size_t rows) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    void drop(const LayerPass& pass, ConstMatrix from, Matrix to);
    void draw_factors(const LayerPass& pass, std::size_t row);

    Options options_;
    Grid grid_;
    AlignedBuffer<float> factors_;  // of the channels of one sample
};

using SpatialDropout1D = SpatialDropout<1>;
using SpatialDropout2D = SpatialDropout<2>;
using SpatialDropout3D = SpatialDropout<3>;

}  // namespace lockstep
