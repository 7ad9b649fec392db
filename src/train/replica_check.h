#pragma once

#include <cstdint>
#include <span>

#include <lockstep/comm/communicator.h>
#include <lockstep/nn/parameter_layout.h>

namespace lockstep {

/// Collective over `world`. Compares the copies of the weights, bit by bit through checksums: two whole
/// numbers per rank, unless they differ. `owns_copy`: whether this rank speaks for one; `step`, for the
/// message, counts those that are done.
///
/// Throws Error, on every rank, that names the first rank whose copy is not that of most, and the first
/// weight that differs.
void check_replicas(const Communicator& world, bool owns_copy, const ParameterLayout& layout,
                    std::span<const float> weights, std::int64_t step);

}  // namespace lockstep
