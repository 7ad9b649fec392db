#pragma once

#include <cstddef>

#include <lockstep/data/source.h>

namespace lockstep {

/// Rows [first, first + count) of what is wanted.
inline SampleRows part_of(const SampleRows& rows, std::size_t first, std::size_t count) {
    return {.inputs = rows.inputs.empty() ? Matrix{} : rows.inputs.rows(first, count),
            .targets = rows.targets.empty() ? Matrix{} : rows.targets.rows(first, count),
            .weights = rows.weights.empty() ? rows.weights : rows.weights.subspan(first, count)};
}

}  // namespace lockstep
