#include <lockstep/nn/batch_pass.h>
#include <lockstep/nn/shard_layer.h>

namespace lockstep {

LayerPass ShardLayer::pass_of(const BatchPass& batch, const ShardRows& shard) const {
    const std::size_t saved = saved_floats_per_sample();
    return {.training = batch.training,
            .random = batch.random,
            .position = shard.position,
            .weights = batch.weights,
            .saved = batch.saved.subspan(saved * shard.first, saved * shard.count)};
}

void ShardLayer::forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) {
    for (const ShardRows& shard : batch.shards) {
        if (shard.count == 0) continue;
        forward(pass_of(batch, shard), x.rows(shard.first, shard.count), y.rows(shard.first, shard.count));
    }
}

void ShardLayer::backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy, Matrix dx,
                                std::span<float> gradients) {
    const auto of_shard = [&](const ShardRows& shard, std::span<const std::span<float>> sums) {
        const auto rows = [&](auto matrix) { return matrix.rows(shard.first, shard.count); };
        backward(pass_of(batch, shard), rows(x), rows(y), rows(dy), rows(dx), sums);
    };
    batch.sums->gradients(batch.shards, batch.weights, gradients, of_shard);
}

}  // namespace lockstep
