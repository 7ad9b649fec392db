#pragma once

#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/nn/layers/chain.h>
#include <lockstep/nn/layers/layer_part.h>

namespace lockstep {

/// A layer made of chains of layers, side by side on the same input. What it puts out of their outputs is up
/// to the layer.
class Composite : public Layer {
public:
    std::vector<WeightSpec> weights() const override;
    std::vector<SubLayer> sub_layers() const override;
    bool has_shard_statistics() const override;
    std::size_t batch_sums() const override;
    std::size_t saved_floats_per_sample() const override;
    std::size_t scratch_floats_per_sample() const override;
    void reserve(std::size_t rows) override;
    double flops_per_sample() const override;

protected:
    explicit Composite(std::vector<Chain> chains);

    /// Throws ShapeError naming the layer.
    void build_chains(const Shape& input);
    const std::vector<Chain>& chains() const { return chains_; }

    /// The output of a chain, valid until backward() is done. `batch` is the layer's: chains have the first
    /// of its weights and of its memory.
    ConstMatrix forward_chain(std::size_t index, const BatchPass& batch, ConstMatrix x);

    /// Room for the gradient of the output of a chain.
    Matrix output_gradient(std::size_t index, std::size_t rows);

    /// `dy`, of the output of the chain, is spoilt. To be called in the order of the chains: the first writes
    /// dx (if it is wanted), the others add to it.
    void backward_chain(std::size_t index, const BatchPass& batch, ConstMatrix x, Matrix dy, Matrix dx,
                        std::span<float> gradients);

private:
    std::size_t widest_output() const;

    std::vector<Chain> chains_;
    std::vector<LayerPart> parts_;                           // one per chain
    std::size_t inputs_ = 0;                                 // floats per sample
    AlignedBuffer<float> output_gradient_, input_gradient_;  // of one chain
};

}  // namespace lockstep
