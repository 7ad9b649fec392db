#pragma once

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// In training, adds numbers of a normal distribution of mean 0; otherwise y = x. They are a function of the
/// seed, the layer, the pass and the sample's place in the pass, so they do not depend on shards or ranks.
class GaussianNoise final : public ShardLayer {
public:
    struct Options {
        double stddev = 0.1;
    };

    /// Throws ConfigError unless stddev is finite and at least 0.
    explicit GaussianNoise(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "gaussian_noise"; }
    Config config() const override { return Config::table({{"stddev", options_.stddev}}); }
    Shape build(const Shape& input) override;
    void reserve(std::size_t rows) override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    Options options_;
    std::size_t features_ = 0;
    AlignedBuffer<float> noise_;  // of one row
};

}  // namespace lockstep
