#pragma once

#include <cstdint>
#include <vector>

#include <lockstep/core/aligned_buffer.h>
#include <lockstep/data/batch_loader.h>
#include <lockstep/data/dataset.h>

namespace lockstep {

/// Which batch of which pass.
struct BatchKey {
    std::uint64_t pass = 0;
    std::uint64_t batch = 0;
    bool operator==(const BatchKey&) const = default;
};

/// Room for one batch. Everything is allocated at the start.
class BatchSlot {
public:
    BatchSlot(const Dataset& dataset, const BatchPlan& plan, const BatchLoader::Options& options);

    /// Reads this rank's part of a batch. Throws what the source throws.
    void fill(const Dataset& dataset, const BatchPlan& plan, const BatchLoader::Options& options,
              BatchKey key);

    const Batch& batch() const { return batch_; }

private:
    SampleRows rows(const Dataset& dataset, std::size_t count);

    AlignedBuffer<float> inputs_, targets_, weights_;
    std::vector<ShardRows> shards_;
    std::vector<std::uint64_t> indices_;
    Batch batch_;
};

}  // namespace lockstep
