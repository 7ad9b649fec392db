#pragma once

#include <string>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/channel_sums.h>
#include <lockstep/nn/layers/scale_and_center.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Each channel of the last axis with mean 0 and variance 1: y = gamma (x - mean) / sqrt(variance + epsilon)
/// + beta. (Ioffe and Szegedy, ICML 2015)
///
/// In training, mean and variance are those of the shard, or with `sync` of the whole batch, on all ranks,
/// over the rows and all axes but the last, the variance without Bessel's correction; moving_mean and
/// moving_variance follow mean and the variance with that correction. Otherwise these two take their place.
///
/// Shapes: x, y [rows, ..., channels]; gamma, beta, moving_mean, moving_variance [channels].
class BatchNormalization final : public ShardLayer {
public:
    struct Options {
        double momentum = 0.99;  // of the moving mean and variance
        double epsilon = 1e-3;
        bool sync = false;   // statistics of the batch, not of the shard; Keras: synchronized
        bool center = true;  // whether there is a beta
        bool scale = true;   // whether there is a gamma
        WeightOptions beta = {};
        WeightOptions gamma = {.initializer = "ones"};
        Config moving_mean_initializer = "zeros";
        Config moving_variance_initializer = "ones";
    };

    /// Throws ConfigError unless 0 <= momentum <= 1 and epsilon > 0, or if a name is unknown.
    explicit BatchNormalization(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "batch_normalization"; }
    Config config() const override;
    /// Throws ShapeError if the input has no axis.
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    bool has_shard_statistics() const override { return !options_.sync; }
    std::size_t batch_sums() const override { return options_.sync ? 1 + 2 * channels_ : 0; }
    std::size_t saved_floats_per_sample() const override { return 2 * channels_; }
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
    void forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) override;
    void backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                        std::span<float> gradients) override;

private:
    ConstMatrix by_channels(ConstMatrix values) const {
        return {values.data(), values.size() / channels_, channels_};
    }
    std::span<const float> moving_mean(const LayerPass& pass) const { return pass.weights[affine_.count()]; }
    std::span<float> mean_of(const LayerPass& pass) const { return pass.saved.first(channels_); }
    std::span<float> variance_of(const LayerPass& pass) const {
        return pass.saved.subspan(channels_, channels_);
    }
    void find_moments(ConstMatrix x, std::span<float> mean, std::span<float> variance);
    void measure(std::span<const float> center, ConstMatrix x, std::span<double> sums);
    void read_moments(std::span<const float> center, std::span<const double> sums, std::span<float> mean,
                      std::span<float> variance) const;
    void normalize(const LayerPass& pass, std::span<const float> mean, std::span<const float> variance,
                   ConstMatrix x, Matrix y);
    void invert_deviations(std::span<const float> variance);
    std::span<const double> gradient_sums(std::span<const float> mean, ConstMatrix x, ConstMatrix dy);
    void write_gradients(const LayerPass& moments, std::size_t samples, double count,
                         std::span<const double> sums, std::span<const std::span<float>> gradients) const;
    void write_dx(const LayerPass& pass, ConstMatrix x, ConstMatrix dy, double count,
                  std::span<const double> sums, float* dx);

    Options options_;
    ScaleAndCenter affine_;
    std::shared_ptr<const Initializer> mean_initializer_;
    std::shared_ptr<const Initializer> variance_initializer_;
    std::size_t channels_ = 1;
    std::size_t positions_ = 0;  // of a sample, before the last axis
    ChannelSums sums_;
    AlignedBuffer<float> inverse_deviation_;          // 1 / sqrt(variance + epsilon)
    AlignedBuffer<float> factor_, shift_, by_input_;  // of formulas with x and dy
};

}  // namespace lockstep
