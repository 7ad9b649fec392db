#pragma once

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// In training, sets a random part of the inputs to zero and multiplies the others by 1 / (1 - rate);
/// otherwise y = x. What is dropped is a function of the seed, the layer, the pass and the sample's place in
/// the pass, so it does not depend on shards or ranks. (Srivastava et al., JMLR 15, 2014)
class Dropout final : public ShardLayer {
public:
    struct Options {
        double rate = 0.5;  // the part that is dropped, in [0, 1)
    };

    /// Throws ConfigError unless 0 <= rate < 1.
    explicit Dropout(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "dropout"; }
    Config config() const override;
    Shape build(const Shape& input) override;
    void reserve(std::size_t rows) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    void drop(const LayerPass& pass, ConstMatrix from, Matrix to);

    Options options_;
    std::size_t features_ = 0;
    AlignedBuffer<float> uniform_;  // one row of random numbers
};

}  // namespace lockstep
