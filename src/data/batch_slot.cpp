#include "batch_slot.h"

#include <algorithm>

#include <lockstep/core/permutation.h>

namespace lockstep {

BatchSlot::BatchSlot(const Dataset& dataset, const BatchPlan& plan, const BatchLoader::Options& options) {
    const std::size_t rows = plan.most_rows(std::min(options.batch_size, dataset.size()));
    inputs_ = AlignedBuffer<float>(rows * dataset.input_shape().size());
    if (options.targets && dataset.has_targets())
        targets_ = AlignedBuffer<float>(rows * dataset.target_shape().size());
    if (options.targets && dataset.has_weights()) weights_ = AlignedBuffer<float>(rows);
    shards_.reserve(plan.most_shards());
    indices_.reserve(rows);
}

SampleRows BatchSlot::rows(const Dataset& dataset, std::size_t count) {
    SampleRows rows;
    rows.inputs = {inputs_.data(), count, dataset.input_shape().size()};
    if (!targets_.empty()) rows.targets = {targets_.data(), count, dataset.target_shape().size()};
    if (!weights_.empty()) rows.weights = weights_.span().first(count);
    return rows;
}

void BatchSlot::fill(const Dataset& dataset, const BatchPlan& plan, const BatchLoader::Options& options,
                     BatchKey key) {
    const std::uint64_t position = key.batch * options.batch_size;
    const std::uint64_t samples = std::min(options.batch_size, dataset.size() - position);
    const BatchPlan::Range mine = plan.mine(position, samples, shards_);

    const Permutation order(dataset.size(), options.seed, key.pass);
    indices_.clear();
    for (std::uint64_t i = 0; i < mine.count; ++i) {
        const std::uint64_t place = position + mine.first + i;
        indices_.push_back(options.shuffle ? order(place) : place);
    }
    const SampleRows own = rows(dataset, mine.count);
    if (mine.count > 0) dataset.read(indices_, own);

    batch_ = {.number = key.batch,
              .samples = samples,
              .position = position,
              .inputs = own.inputs,
              .targets = own.targets,
              .weights = own.weights,
              .shards = shards_,
              .first_shard = plan.my_shards(samples).first,
              .all_shards = plan.shards(samples),
              .indices = indices_};
}

}  // namespace lockstep
