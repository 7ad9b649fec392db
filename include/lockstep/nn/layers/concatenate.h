#pragma once

#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/nn/layers/composite.h>

namespace lockstep {

/// Branches of layers side by side on the same input, their outputs joined along the last axis. (As in
/// Szegedy et al., "Going deeper with convolutions", CVPR 2015; with an empty branch, which is the identity,
/// as in Huang et al., "Densely connected convolutional networks", CVPR 2017)
///
/// Weights are named after branches and layers: "branch_0/conv2d/kernel".
class Concatenate final : public Composite {
public:
    struct Options {
        std::vector<LayerList> branches;
    };

    /// Throws ConfigError if there are no branches.
    explicit Concatenate(Options options);

    static const TypeHelp& help();
    static std::unique_ptr<Layer> from_config(const Config& keys);

    std::string_view type() const override { return "concatenate"; }
    Config config() const override;
    /// Throws ShapeError unless all branches put out the same shape but for the last axis.
    Shape build(const Shape& input) override;
    void forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) override;
    void backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                        std::span<float> gradients) override;

private:
    std::size_t positions_ = 0;        // of a sample, before the last axis
    std::size_t channels_ = 0;         // of the last axis of y
    std::vector<std::size_t> widths_;  // what each branch has of them
};

}  // namespace lockstep
