#pragma once

#include <lockstep/nn/shard_layer.h>

namespace lockstep {

/// What layers share that give the numbers of a sample another shape. They copy nothing: the output is the
/// input's memory.
class View : public ShardLayer {
public:
    bool is_view() const override { return true; }
    void forward(const LayerPass& pass, ConstMatrix x, Matrix y) override;
    void backward(const LayerPass& pass, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                  std::span<const std::span<float>> gradients) override;
};

}  // namespace lockstep
