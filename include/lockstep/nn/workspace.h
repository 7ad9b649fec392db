#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/core/shard_rows.h>
#include <lockstep/nn/batch_pass.h>
#include <lockstep/nn/batch_sums.h>
#include <lockstep/nn/sequential.h>
#include <lockstep/nn/shard_sums.h>

namespace lockstep {

/// Memory of one rank for walks through a model: activations, their gradients, and the scratch for summing
/// shards. Everything is allocated by the constructor.
///
/// The rank's shards are the leaves of a binary tree: their gradients are added pairwise, so that a rank with
/// four shards gets the bits that two ranks with two shards get.
class Workspace {
public:
    /// `store`: all weights, by model.parameters(); not owned. `max_rows` and `max_shards`: of one batch on
    /// this rank. Without `training` there is no memory for backward(). `model` must be built and outlive the
    /// workspace. `sums`: of layers with batch_sums(), over all ranks; null: this one's shards are all.
    Workspace(Sequential& model, std::span<const float> store, std::size_t max_rows, std::size_t max_shards,
              bool training, BatchSums* sums = nullptr);

    /// What the constructor will allocate, in bytes; on top comes scratch memory of layers that does not grow
    /// with the rows.
    static std::size_t bytes_needed(const Sequential& model, std::size_t max_rows, std::size_t max_shards,
                                    bool training);

    /// Random streams of this pass are keyed by (seed, layer, pass).
    void begin_pass(std::uint64_t seed, std::uint64_t pass);

    /// Where the batch goes: [max_rows, inputs]. A caller with samples elsewhere may pass them to forward()
    /// instead.
    Matrix inputs();

    /// Called with the index of a group in model.parameters().groups.
    using GroupHook = std::function<void(std::size_t group)>;

    /// Walks layer by layer; `before_group` is called before a layer with weights runs. Returns the output of
    /// the last layer [rows, outputs] before the model's output activation; valid until the next call.
    /// `inputs` must stay until backward() has run. Throws ShapeError if there are more rows or shards than
    /// the workspace was made for.
    Matrix forward(ConstMatrix inputs, std::span<const ShardRows> shards, bool training,
                   const GroupHook& before_group);

    /// After forward(), what layer `index` of model.layers() put out [rows, its outputs]; before the model's
    /// output activation. Only for a workspace made for training: others keep no outputs.
    ConstMatrix output_of_layer(std::size_t index);

    /// dL/d(output of forward()) [rows, outputs], to be filled before backward().
    Matrix output_gradient();

    /// Walks back through the last forward(). The sum over the shards of the gradients of a group lands in
    /// `gradients` (laid out like the store, padding 0); then `group_done` is called, last group first.
    /// `before_group` is called before a group's gradients are first written. A rank without rows calls both
    /// hooks too and leaves `gradients` alone.
    void backward(std::span<float> gradients, const GroupHook& before_group, const GroupHook& group_done);

private:
    /// A layer that computes something; views share the memory of the stage before.
    struct Stage {
        Layer* layer;
        std::size_t layer_index;
        std::size_t outputs;               // floats per sample
        std::optional<std::size_t> group;  // of its weights
        std::vector<std::span<const float>> weights;
        RandomStream random;
        std::size_t output_buffer;  // index in outputs_
        AlignedBuffer<float> saved;
    };

    void add_stage(std::size_t layer_index, std::optional<std::size_t> group);
    void allocate(bool training);
    void begin_walk(ConstMatrix inputs, std::span<const ShardRows> shards, bool training);
    ConstMatrix input_of(std::size_t stage);
    Matrix output_of(std::size_t stage);
    Matrix output_gradient_of(std::size_t stage);
    BatchPass pass_of(Stage& stage);
    void backward_stage(std::size_t index, bool needs_dx, std::span<float> gradients);

    Sequential& model_;
    std::span<const float> store_;
    std::size_t max_rows_;
    std::size_t max_shards_;
    std::vector<Stage> stages_;

    AlignedBuffer<float> batch_;                 // what inputs() shows
    std::vector<AlignedBuffer<float>> outputs_;  // one per stage in training, else two taken in turn
    std::array<AlignedBuffer<float>, 2> output_gradients_;  // taken in turn
    ShardSums sums_;

    // The batch between forward() and backward().
    ConstMatrix walk_inputs_;
    std::vector<ShardRows> shards_;
    bool training_ = false;
};

}  // namespace lockstep
