#pragma once

#include <string>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// Self-attention with several heads. (Vaswani et al., NIPS 2017) Of each sample x [time, features], a head
/// makes queries Q = x W_q + b_q, keys K and values V alike [time, key_dim], and puts out
/// softmax(Q K^T / sqrt(key_dim)) V; y is a linear function of what all heads put out.
///
/// Shapes: x, y [rows, time, features]; query_kernel, key_kernel, value_kernel [features, heads, key_dim],
/// their biases [heads, key_dim]; output_kernel [heads, key_dim, features], output_bias [features].
class MultiHeadAttention final : public ShardLayer {
public:
    struct Options {
        std::size_t num_heads = 0;
        std::size_t key_dim = 0;  // of each head
        bool use_bias = true;
        bool causal = false;  // a time sees itself and those before it (Keras: use_causal_mask)
        WeightOptions kernel = {.initializer = "glorot_uniform"};
        WeightOptions bias = {};
    };

    /// Throws ConfigError if num_heads or key_dim is 0 or a name is unknown.
    explicit MultiHeadAttention(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "multi_head_attention"; }
    Config config() const override;
    /// Throws ShapeError unless the input is [time, features].
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    /// Queries, keys, values and outputs of the heads, and the attention [heads, time, time].
    std::size_t saved_floats_per_sample() const override;
    double flops_per_sample() const override;
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    /// One of the four products with weights, in the order of the weights.
    enum Projection : std::size_t { query, key, value, output };

    /// What one head of one sample works on: [time, key_dim], with width() floats from row to row.
    struct Head {
        float *queries, *keys, *values, *outputs;
        float* attention;  // [time, time]
    };

    std::size_t width() const { return options_.num_heads * options_.key_dim; }
    std::size_t kernel_index(Projection which) const { return which * (options_.use_bias ? 2 : 1); }
    float scale() const;
    float* part(const LayerPass& pass, std::size_t rows, Projection which) const;
    Head head_at(const LayerPass& pass, std::size_t rows, std::size_t row, std::size_t head) const;
    void project(const LayerPass& pass, Projection which, std::size_t rows, const float* from,
                 float* to) const;
    void write_gradients(Projection which, std::size_t rows, const float* from, const float* d,
                         std::span<const std::span<float>> gradients) const;
    void add_dx(const LayerPass& pass, Projection which, std::size_t rows, float beta, const float* d,
                float* dx) const;
    void attend(const Head& head) const;
    void attend_backward(const Head& head);

    Options options_;
    LayerWeight kernel_, bias_;
    std::size_t times_ = 0;
    std::size_t features_ = 0;
    AlignedBuffer<float> attention_gradient_;  // of one head
    AlignedBuffer<float> query_gradient_;
};

}  // namespace lockstep
