#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <lockstep/comm/communicator.h>
#include <lockstep/nn/parameter_layout.h>

namespace lockstep {

/// A copy of an array that others have, too, laid out like the weights.
struct Replica {
    std::string name;  // "velocity", of the optimizer; "": the weights themselves
    std::span<const float> values;
};

/// Collective over `world`. Compares the copies of all arrays, bit by bit through checksums: two whole
/// numbers per rank, unless they differ. `owns_copy`: whether this rank speaks for one; `step`, for the
/// message, counts those that are done.
///
/// Throws Error, on every rank, that names the first rank whose copy is not that of most, and the first
/// array and weight that differ.
void check_replicas(const Communicator& world, bool owns_copy, const ParameterLayout& layout,
                    std::span<const Replica> arrays, std::int64_t step);

}  // namespace lockstep
