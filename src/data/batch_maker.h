#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <lockstep/data/augmentation_chain.h>
#include <lockstep/data/batch_loader.h>
#include <lockstep/data/sample_order.h>

#include "batch_key.h"
#include "batch_slot.h"
#include "window_reader.h"

namespace lockstep {

/// Makes this rank's part of batches: which samples they hold, reading them, and changing them. One thread at
/// a time may use it.
class BatchMaker {
public:
    /// Throws ConfigError naming what is wrong with the options.
    BatchMaker(Dataset dataset, BatchPlan plan, const BatchLoader::Options& options);
    BatchMaker(const BatchMaker&) = delete;
    BatchMaker& operator=(const BatchMaker&) = delete;

    /// Of a pass.
    std::uint64_t batches() const;
    /// Whether every pass holds the same batches.
    bool repeats() const;

    /// Room for any batch. The only allocation.
    BatchSlot make_slot() const;

    /// Fills `slot`. Throws what the source throws.
    void make(BatchKey key, BatchSlot& slot);

private:
    void begin_pass(std::uint64_t pass);
    std::uint64_t batch_size() const;
    std::size_t most_rows() const;
    void fill(BatchKey key, std::span<const std::uint64_t> indices, std::uint64_t position,
              const SampleRows& rows);

    const Dataset dataset_;
    const BatchPlan plan_;
    const BatchLoader::Options options_;
    AugmentationChain augmentation_;
    RowBuffer unchanged_;  // what is augmented; empty without augmentation
    std::unique_ptr<WindowReader> windows_;
    std::optional<std::uint64_t> pass_;  // whose order is at hand
    SampleOrder order_;
};

}  // namespace lockstep
