#pragma once

#include <cstdint>
#include <string>

#include <hdf5.h>

namespace lockstep::io {

/// Whether `count` more rows from `first_row` on make HDF5 add nodes to the index of a dataset's chunks: for
/// its first chunk, or since a node is full. The index is a B-tree (version 1, HDF5 File Format
/// Specification 3.0, III.A.1) that grows at its end. Throws IoError.
bool adds_index_nodes(hid_t dataset, std::uint64_t first_row, std::uint64_t count, const std::string& where);

}  // namespace lockstep::io
