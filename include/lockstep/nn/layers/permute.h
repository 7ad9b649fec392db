#pragma once

#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// The axes of a sample in another order: with dims = {3, 1, 2}, [height, width, channels] becomes [channels,
/// height, width].
class Permute final : public ShardLayer {
public:
    struct Options {
        std::vector<std::size_t> dims;  // axis i of the output is axis dims[i] of the input, counted from 1
    };

    /// Throws ConfigError unless dims has each of 1, 2, ... once.
    explicit Permute(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "permute"; }
    Config config() const override;
    /// Throws ShapeError unless the input has as many axes as dims has entries.
    Shape build(const Shape& input) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
    std::vector<std::size_t> extents_;  // of the output
    std::vector<std::size_t> strides_;  // in the input, of each axis of the output
};

}  // namespace lockstep
