#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lockstep/core/config.h>
#include <lockstep/core/matrix_view.h>
#include <lockstep/data/batch_plan.h>
#include <lockstep/data/dataset.h>
#include <lockstep/data/sample_order.h>

namespace lockstep {

/// This rank's part of one global batch; it may have no rows.
struct Batch {
    std::uint64_t number = 0;                // batch of the pass
    std::uint64_t samples = 0;               // of the global batch
    std::uint64_t position = 0;              // of the global batch's first sample in the pass
    ConstMatrix inputs;                      // this rank's rows
    ConstMatrix targets;                     // empty: not read
    std::span<const float> weights;          // empty: all 1
    std::span<const ShardRows> shards;       // this rank's
    std::size_t first_shard = 0;             // number of the first of them
    std::size_t all_shards = 0;              // shards of the global batch
    std::span<const std::uint64_t> indices;  // of the rows, in the dataset
};

/// Reads the batches of a pass: position p of pass q holds sample SampleOrder(size, shuffle, seed, q)(p), and
/// with `augmentation` its inputs are changed at random, as seed, q and p have it. With `read_ahead` a thread
/// prepares the next batch while a step runs; it pays where the source may block or a core is free. Without,
/// a batch is read when it is asked for (on one core a thread would only take time from the step).
class BatchLoader {
public:
    struct Options {
        std::uint64_t batch_size = 32;  // of the whole world
        Shuffle shuffle = false;
        std::uint64_t seed = 0;
        std::vector<Config> augmentation = {};  // each a name or a table with `type`
        bool targets = true;      // whether to read them, and the weights, if the dataset has any
        bool read_ahead = false;  // use a thread
    };

    /// `dataset` is copied (it shares its source). Throws ConfigError if batch_size is 0, or the shuffling or
    /// an augmentation makes no sense.
    BatchLoader(Dataset dataset, BatchPlan plan, const Options& options);
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// Batches of a pass; the last one may be smaller.
    std::uint64_t batches() const;

    /// The given batch of the given pass; what it points to is valid until the next call. Batches asked for
    /// in order are prepared ahead, across the end of a pass too. Allocates nothing. Precondition: batch <
    /// batches(). Throws what the source throws.
    const Batch& get(std::uint64_t pass, std::uint64_t batch);

private:
    struct Reader;
    std::unique_ptr<Reader> reader_;
};

}  // namespace lockstep
