#pragma once

#include <lockstep/core/shard_rows.h>
#include <lockstep/nn/layer.h>
#include <lockstep/nn/layer_pass.h>

namespace lockstep {

/// A layer that works on one shard at a time, as nearly all do. The shard is the unit of arithmetic, so such
/// a layer never sees how many ranks there are.
class ShardLayer : public Layer {
public:
    /// Writes y; the rows are those of one shard.
    virtual void forward(const LayerPass& pass, ConstMatrix x, Matrix y) = 0;

    /// Given x, y and dy = dL/dy, overwrites `gradients` (one per weight) with their sums over the rows and,
    /// unless dx is empty, writes dx = dL/dx. May overwrite dy. The gradient of a running average is rows x
    /// the statistic of the shard.
    virtual void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                          std::span<const std::span<float>> gradients) = 0;

    void forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) override;
    void backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                        std::span<float> gradients) override;

protected:
    LayerPass pass_of(const BatchPass& batch, const ShardRows& shard) const;
};

}  // namespace lockstep
