#pragma once

#include <cstdint>
#include <vector>

#include <lockstep/data/batch_loader.h>

#include "row_buffer.h"

namespace lockstep {

/// Room for one batch.
struct BatchSlot {
    RowBuffer rows;
    std::vector<ShardRows> shards;
    std::vector<std::uint64_t> indices;
    Batch batch;
};

}  // namespace lockstep
