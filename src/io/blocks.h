#pragma once

#include <span>
#include <vector>

#include <hdf5.h>

namespace lockstep::io {

/// The unit of work on the HDF5 thread: a longer piece would hold up whoever waits behind it.
constexpr hsize_t kPieceBytes = hsize_t{1} << 20;

/// A box of an array that lies in one piece in row-major memory.
struct Block {
    std::vector<hsize_t> start;
    std::vector<hsize_t> count;
    hsize_t offset = 0;  // of its first element in the flat array
    hsize_t size = 0;    // elements
};

/// Product of the extents; 1 for none. Throws DataError if it does not fit.
hsize_t element_count(std::span<const hsize_t> extents);

/// The largest extents of such a box with at most `max_elements` elements: whole inner axes, a part of
/// one axis, 1 along the outer ones. Precondition: max_elements > 0.
std::vector<hsize_t> block_extents(std::span<const hsize_t> extents, hsize_t max_elements);

/// Covers an array with such boxes, in row-major order. They are the chunks of an array chunked by
/// block_extents().
std::vector<Block> blocks(std::span<const hsize_t> extents, hsize_t max_elements);

}  // namespace lockstep::io
