#include "batch_maker.h"

#include <algorithm>
#include <utility>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

const BatchLoader::Options& checked(const BatchLoader::Options& options) {
    if (options.batch_size == 0) throw ConfigError("batch_size: expected at least 1, got 0");
    check_shuffle(options.shuffle);
    return options;
}

}  // namespace

BatchMaker::BatchMaker(Dataset dataset, BatchPlan plan, const BatchLoader::Options& options)
    : dataset_(std::move(dataset)),
      plan_(plan),
      options_(checked(options)),
      augmentation_(options.augmentation, dataset_.input_shape()),
      order_(dataset_.size(), false, batch_size(), 0, 0) {
    const auto* blocks = std::get_if<BlockShuffle>(&options_.shuffle);
    if (blocks != nullptr && dataset_.may_block() && WindowReader::serves(*blocks, batch_size()))
        windows_ = std::make_unique<WindowReader>(dataset_, plan_.my_samples(batch_size()),
                                                  WindowReader::Options{.shuffle = *blocks,
                                                                        .batch_size = batch_size(),
                                                                        .seed = options_.seed,
                                                                        .targets = options_.targets});
    if (!augmentation_.empty()) unchanged_ = RowBuffer(most_rows(), dataset_.input_shape());
}

/// Of the largest batch.
std::uint64_t BatchMaker::batch_size() const {
    return std::min(options_.batch_size, dataset_.size());
}

std::size_t BatchMaker::most_rows() const {
    return plan_.most_rows(batch_size());
}

std::uint64_t BatchMaker::batches() const {
    return (dataset_.size() + options_.batch_size - 1) / options_.batch_size;
}

bool BatchMaker::repeats() const {
    return options_.shuffle == Shuffle(false) && augmentation_.empty();
}

BatchSlot BatchMaker::make_slot() const {
    BatchSlot slot;
    slot.rows = RowBuffer(most_rows(), augmentation_.output_shape());
    if (options_.targets) slot.rows.add_targets(dataset_);
    slot.shards.reserve(plan_.most_shards());
    slot.indices.reserve(most_rows());
    return slot;
}

void BatchMaker::begin_pass(std::uint64_t pass) {
    if (pass_ == pass) return;
    order_ = SampleOrder(dataset_.size(), options_.shuffle, batch_size(), options_.seed, pass);
    augmentation_.begin_pass(options_.seed, pass);
    pass_ = pass;
}

void BatchMaker::make(BatchKey key, BatchSlot& slot) {
    begin_pass(key.pass);
    const std::uint64_t position = key.batch * options_.batch_size;
    const std::uint64_t samples = std::min(options_.batch_size, dataset_.size() - position);
    const BatchPlan::Range mine = plan_.mine(position, samples, slot.shards);
    const std::uint64_t first = position + mine.first;
    slot.indices.clear();
    for (std::uint64_t place = first; place < first + mine.count; ++place)
        slot.indices.push_back(order_(place));

    const SampleRows rows = slot.rows.rows(0, mine.count);
    if (mine.count > 0) fill(key, slot.indices, first, rows);
    slot.batch = {.number = key.batch,
                  .samples = samples,
                  .position = position,
                  .inputs = rows.inputs,
                  .targets = rows.targets,
                  .weights = rows.weights,
                  .shards = slot.shards,
                  .first_shard = plan_.my_shards(samples).first,
                  .all_shards = plan_.shards(samples),
                  .indices = slot.indices};
}

/// `position`: of the first of the samples in the pass.
void BatchMaker::fill(BatchKey key, std::span<const std::uint64_t> indices, std::uint64_t position,
                      const SampleRows& rows) {
    SampleRows unchanged = rows;
    if (!augmentation_.empty()) unchanged.inputs = unchanged_.rows(0, indices.size()).inputs;
    if (windows_)
        windows_->read(key, position, indices, unchanged);
    else
        dataset_.read(indices, unchanged);
    if (augmentation_.empty()) return;
    for (std::size_t row = 0; row < indices.size(); ++row)
        augmentation_.apply(position + row, unchanged.inputs.row(row), rows.inputs.row(row));
}

}  // namespace lockstep
