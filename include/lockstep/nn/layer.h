#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shape.h>
#include <lockstep/nn/activation.h>
#include <lockstep/nn/weight_spec.h>

namespace lockstep {

struct BatchPass;
class Layer;

/// A layer that works inside another one.
struct SubLayer {
    std::string name;  // unique within the outer layer: "conv2d", "branch_0/conv2d"
    const Layer* layer;
    Shape output;
};

/// A step of a model: x [rows, inputs] -> y [rows, outputs]. The rows are all that this rank has of a batch;
/// most layers take them shard by shard: see ShardLayer.
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

    /// The most numbers that it sums over the batch, on all ranks, at a time; 0: it does not.
    virtual std::size_t batch_sums() const { return 0; }

    /// True if y is x unchanged (flatten): then the walks never come here.
    virtual bool is_view() const { return false; }

    /// Floats per sample that backward needs from forward besides x and y.
    virtual std::size_t saved_floats_per_sample() const { return 0; }

    /// Floats per sample of scratch memory that reserve() makes, beside what does not grow with the rows.
    virtual std::size_t scratch_floats_per_sample() const { return 0; }

    /// The largest number of rows that a later call may bring. Workspaces of one model share its layers: what
    /// is reserved for more rows stays when one that has fewer follows.
    virtual void reserve(std::size_t /*rows*/) {}

    /// Multiplications and additions of one forward pass of one sample.
    virtual double flops_per_sample() const { return 0.0; }

    /// Writes y. Collective if there are batch_sums(): ranks without rows are called too.
    virtual void forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) = 0;

    /// Given x, y and dy = dL/dy, writes dx = dL/dx, unless dx has no columns, and to `gradients` (laid out
    /// like the weights, padding 0) their sums over the rows; without rows it leaves them alone. May
    /// overwrite dy. Collective if there are batch_sums().
    virtual void backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                                std::span<float> gradients) = 0;

    /// Hands over the activation that ends this layer, if it has one; from then on the layer leaves it out.
    /// The model asks its last layer, so that a loss can be computed from logits.
    virtual std::unique_ptr<Activation> release_activation() { return nullptr; }
};

}  // namespace lockstep
