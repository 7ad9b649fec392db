#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/core/random.h>
#include <lockstep/core/shape.h>
#include <lockstep/nn/activation.h>
#include <lockstep/nn/weight_spec.h>

namespace lockstep {

/// One shard on its way through one layer.
struct LayerPass {
    bool training = false;
    RandomStream random;         // keyed by (seed, layer, pass); used with position + row
    std::uint64_t position = 0;  // place in the pass over the data of the shard's first row
    std::span<const std::span<const float>> weights;  // in the order of weights()
    std::span<float> saved;  // saved_floats_per_sample() x rows, kept from forward to backward
    std::span<const double> batch_sums = {};  // in training, of a layer that has batch_sums()
};

class Layer;

/// A layer that works inside another one.
struct SubLayer {
    std::string name;  // unique within the outer layer: "conv2d", "branch_0/conv2d"
    const Layer* layer;
    Shape output;
};

/// A step of a model: x [rows, inputs] -> y [rows, outputs]. The rows are those of one shard;
/// the shard is the unit of arithmetic, so a layer never sees how many ranks there are.
///
/// A layer owns no weights and no activations: it describes its weights, and memory comes with each call.
/// Scratch memory that it owns is sized in reserve(): a step allocates nothing.
class Layer {
public:
    virtual ~Layer() = default;

    /// The name in job files: "dense".
    virtual std::string_view type() const = 0;

    /// The keys that make the same layer from a job file, without type and name.
    virtual Config config() const = 0;

    /// Called once, with the shape of one sample; returns the shape of one output. Throws ShapeError.
    virtual Shape build(const Shape& input) = 0;

    /// What the layer's weights are; valid after build().
    virtual std::vector<WeightSpec> weights() const { return {}; }

    /// Those that this one is made of, in order; valid after build().
    virtual std::vector<SubLayer> sub_layers() const { return {}; }

    /// Whether what comes out of a row depends on the other rows of its shard, as in batch normalization.
    virtual bool has_shard_statistics() const { return false; }

    /// Numbers that forward() in training, and backward(), each are given as sums over all shards of the
    /// batch, on all ranks; 0: none.
    virtual std::size_t batch_sums() const { return 0; }
    /// Writes what a shard adds to the sums for forward(), and to those for backward().
    virtual void measure_forward(const LayerPass& /*pass*/, ConstMatrix /*x*/, std::span<double> /*sums*/) {}
    virtual void measure_backward(const LayerPass& /*pass*/, ConstMatrix /*x*/, ConstMatrix /*dy*/,
                                  std::span<double> /*sums*/) {}

    /// True if y is x unchanged (flatten): then forward and backward are never called.
    virtual bool is_view() const { return false; }

    /// Floats per sample that backward needs from forward besides x and y.
    virtual std::size_t saved_floats_per_sample() const { return 0; }

    /// The largest number of rows that a later call may bring. Workspaces of one model share its layers: what
    /// is reserved for more rows stays when one that has fewer follows.
    virtual void reserve(std::size_t /*rows*/) {}

    /// Multiplications and additions of one forward pass of one sample.
    virtual double flops_per_sample() const { return 0.0; }

    /// Writes y.
    virtual void forward(const LayerPass& pass, ConstMatrix x, Matrix y) = 0;

    /// Given x, y and dy = dL/dy, overwrites `gradients` (one per weight) with their sums over the rows and,
    /// unless dx is empty, writes dx = dL/dx. May overwrite dy. The gradient of a running average is rows x
    /// the statistic of the shard.
    virtual void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                          std::span<const std::span<float>> gradients) = 0;

    /// Hands over the activation that ends this layer, if it has one; from then on the layer leaves it out.
    /// The model asks its last layer, so that a loss can be computed from logits.
    virtual std::unique_ptr<Activation> release_activation() { return nullptr; }
};

}  // namespace lockstep
