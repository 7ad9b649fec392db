#pragma once

#include <optional>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Features with the mean 0 and the variance 1 that they have in the training data:
/// y = (x - mean) / max(sqrt(variance), 1e-7), or with `invert` x from y. (Keras' Normalization)
///
/// The features are the channels of the last axis; without an axis there is one, all values. Unless they are
/// given, mean and variance, [features] or of one a scalar, are weights that Trainer::adapt() takes from data
/// and that never change in training; before that they are 0 and 1.
class Normalization final : public ShardLayer {
public:
    struct Options {
        std::optional<int> axis = -1;       // whose places are features: the last; none: all values are one
        std::vector<double> mean = {};      // of each feature, or one for all; empty: from the data
        std::vector<double> variance = {};  // likewise
        bool invert = false;
    };

    /// Throws ConfigError for another axis than the last, unless mean and variance are finite, of the same
    /// number, and no variance is below 0.
    explicit Normalization(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "normalization"; }
    Config config() const override;
    /// Throws ShapeError unless there are as many means as features, one, or none.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

    /// Whether mean and variance come from data.
    bool is_adapted() const { return options_.mean.empty(); }
    std::size_t features() const { return features_; }

private:
    void read_moments(const LayerPass& pass);

    Options options_;
    std::size_t features_ = 1;
    AlignedBuffer<float> mean_, deviation_;  // of each number of a sample
};

}  // namespace lockstep
