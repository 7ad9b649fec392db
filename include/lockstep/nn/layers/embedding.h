#pragma once

#include <string>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layer_weight.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// A row of a table for each number: y[i] = embeddings[x[i]]. Inputs are whole numbers, held as floats.
///
/// Shapes: x [rows, ...], embeddings [input_dim, output_dim], y [rows, ..., output_dim]. The inputs have no
/// gradient: dx = 0.
class Embedding final : public ShardLayer {
public:
    struct Options {
        std::size_t input_dim = 0;   // inputs are 0 ... input_dim - 1
        std::size_t output_dim = 0;  // length of a row of the table
        WeightOptions embeddings = {.initializer = "random_uniform"};
    };

    /// Throws ConfigError if a size is 0, input_dim is larger than the whole numbers of a float (2^24), or
    /// there is no such initializer.
    explicit Embedding(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "embedding"; }
    Config config() const override;
    Shape build(const Shape& input) override;
    std::vector<WeightSpec> weights() const override;
    /// Throws DataError if an input is no whole number in [0, input_dim).
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;

private:
    std::size_t table_row(ConstMatrix x, std::size_t element) const;

    Options options_;
    LayerWeight embeddings_;
};

}  // namespace lockstep
