// With sync = true: moments of the whole batch, so that all of a rank's rows are normalized alike.
#include <algorithm>

#include <lockstep/nn/batch_pass.h>
#include <lockstep/nn/layers/batch_normalization.h>

namespace lockstep {

/// Of the values of a shard, about a center that all shards know: how many they are, their sum, and that of
/// their squares.
void BatchNormalization::measure(std::span<const float> center, ConstMatrix x, std::span<double> sums) {
    const ConstMatrix values = by_channels(x);
    const auto mean = factor_.span(), variance = shift_.span();
    find_moments(values, mean, variance);
    const auto count = static_cast<double>(values.rows());
    sums[0] = count;
    for (std::size_t c = 0; c < channels_; ++c) {
        const double distance = static_cast<double>(mean[c]) - static_cast<double>(center[c]);
        sums[1 + c] = count * distance;
        sums[1 + channels_ + c] = count * (static_cast<double>(variance[c]) + distance * distance);
    }
}

/// From what measure() wrote of all shards.
void BatchNormalization::read_moments(std::span<const float> center, std::span<const double> sums,
                                      std::span<float> mean, std::span<float> variance) const {
    for (std::size_t c = 0; c < channels_; ++c) {
        const double distance = sums[1 + c] / sums[0];
        const double square = sums[1 + channels_ + c] / sums[0];
        mean[c] = static_cast<float>(static_cast<double>(center[c]) + distance);
        variance[c] = static_cast<float>(std::max(0.0, square - distance * distance));
    }
}

void BatchNormalization::forward_batch(const BatchPass& batch, ConstMatrix x, Matrix y) {
    if (!options_.sync || !batch.training) return ShardLayer::forward_batch(batch, x, y);
    const auto center = batch.weights[affine_.count()];  // the moving mean
    const auto of_shard = [&](const ShardRows& shard, std::span<double> sums) {
        measure(center, x.rows(shard.first, shard.count), sums);
    };
    const auto sums = batch.sums->numbers(batch.shards, batch_sums(), of_shard);
    if (x.rows() == 0) return;
    const LayerPass all = pass_of(batch, {.first = 0, .count = x.rows()});
    read_moments(center, sums.total, mean_of(all), variance_of(all));
    normalize(all, mean_of(all), variance_of(all), x, y);
}

void BatchNormalization::backward_batch(const BatchPass& batch, ConstMatrix x, ConstMatrix y, Matrix dy,
                                        Matrix dx, std::span<float> gradients) {
    if (!options_.sync) return ShardLayer::backward_batch(batch, x, y, dy, dx, gradients);
    const LayerPass all = pass_of(batch, {.first = 0, .count = x.rows()});
    if (x.rows() != 0) invert_deviations(variance_of(all));
    const auto of_shard = [&](const ShardRows& shard, std::span<double> sums) {
        const ConstMatrix values = x.rows(shard.first, shard.count);
        sums[0] = static_cast<double>(by_channels(values).rows());
        std::ranges::copy(gradient_sums(mean_of(all), values, dy.rows(shard.first, shard.count)),
                          sums.begin() + 1);
    };
    const auto sums = batch.sums->numbers(batch.shards, batch_sums(), of_shard);
    const double count = sums.total[0];
    batch.sums->gradients(batch.shards, batch.weights, gradients, [&](const ShardRows& shard, auto to) {
        const auto index = static_cast<std::size_t>(&shard - batch.shards.data());
        write_gradients(all, shard.count, count,
                        sums.by_shard.subspan(index * batch_sums() + 1, 2 * channels_), to);
    });
    if (!dx.empty()) write_dx(all, x, dy, count, sums.total.subspan(1), dx.data());
}

}  // namespace lockstep
