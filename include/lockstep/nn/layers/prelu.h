#pragma once

#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// y = x where x > 0, else alpha x, with a learned alpha for each place. (He et al., ICCV 2015)
///
/// alpha has the shape of a sample, with extent 1 along the shared axes: shared_axes = [1, 2] of
/// [height, width, channels] leaves one alpha per channel. Axes count from 1, as in Keras; 0 is the batch.
class Prelu final : public ShardLayer {
public:
    struct Options {
        WeightOptions alpha = {};
        std::vector<std::size_t> shared_axes;
    };

    /// Throws ConfigError if the initializer is unknown or a shared axis is 0.
    explicit Prelu(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "prelu"; }
    Config config() const override;
    /// Throws ShapeError if a sample has no such axis.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    void reserve(std::size_t rows) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    void spread(std::span<const float> alpha);
    void gather(std::span<float> gradient);

    Options options_;
    LayerWeight alpha_;
    Shape alpha_shape_;
    std::vector<std::size_t> places_;  // of each feature, in alpha
    AlignedBuffer<float> slopes_;      // of each feature
    AlignedBuffer<double> sums_;       // of each feature: its part of alpha's gradient
};

}  // namespace lockstep
