#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/nn/layer.h>
#include <lockstep/nn/layer_list.h>
#include <lockstep/nn/layers/layer_part.h>

namespace lockstep {

/// Layers, one after the other, as a part of another layer. Whatever they need from forward to backward,
/// their outputs included, lies in the memory that the outer layer keeps.
class Chain {
public:
    /// `scope` is what the names of its layers and weights begin with: "branch_0/", or nothing.
    explicit Chain(LayerList layers, std::string scope = "");

    const LayerList& layers() const { return layers_; }

    /// See Layer. The output of no layers, or of views alone, is the input.
    Shape build(const Shape& input);
    const Shape& output() const { return output_; }
    bool is_identity() const { return stages_.empty(); }

    /// Named "<scope><layer>/<weight>".
    std::vector<WeightSpec> weights() const;
    std::vector<SubLayer> sub_layers() const;
    std::size_t saved_floats_per_sample() const { return saved_; }
    std::size_t scratch_floats_per_sample() const;
    void reserve(std::size_t rows);

    /// `batch` has the weights and the memory of this chain alone. Returns the output [rows, outputs], in
    /// that memory or, of an identity, x.
    ConstMatrix forward(const BatchPass& batch, ConstMatrix x);

    /// See Layer; not for an identity.
    void backward(const BatchPass& batch, ConstMatrix x, Matrix dy, Matrix dx, std::span<float> gradients);

private:
    /// A layer that computes something; views share the memory of the stage before.
    struct Stage {
        Layer* layer;
        std::size_t outputs;       // floats per sample
        std::size_t output_place;  // floats per sample before them
        LayerPart part;
    };

    Matrix output_of(std::size_t stage, const BatchPass& batch, std::size_t rows) const;
    std::array<std::size_t, 2> gradient_widths() const;
    std::size_t first_stage_of_backward(bool needs_dx) const;

    LayerList layers_;
    std::string scope_;
    std::vector<Stage> stages_;
    Shape output_;
    std::size_t saved_ = 0;
    std::array<AlignedBuffer<float>, 2> gradients_;  // of the outputs of stages, taken in turn
};

}  // namespace lockstep
