#pragma once

#include <span>
#include <string>

#include "handle.h"
#include "links.h"

namespace lockstep::io {

/// Opens a dataset. Throws DataError if there is none of this name (and lists those that exist), if it is no
/// dataset, if a link on the way is not a hard one, unless that is allowed, or if its storage is not safe to
/// read.
Handle open_dataset(hid_t file, const std::string& name, Links links, const std::string& path);
/// Likewise one of numbers: integers, floating values or booleans. Throws DataError also if it has others.
Handle open_numbers(hid_t file, const std::string& name, Links links, const std::string& path);

/// The dataset's space with the box [start, start + count) selected. Throws IoError.
Handle select_box(hid_t dataset, const hsize_t* start, const hsize_t* count, const std::string& path);

/// A space in memory: `count` elements in a row.
Handle flat_space(hsize_t count, const std::string& path);
/// A space in memory of this shape, its elements in a row. HDF5 copies whole rows between selections of one
/// shape; where the shapes differ it goes element by element, which takes 20 times as long.
Handle box_space(std::span<const hsize_t> extents, const std::string& path);

}  // namespace lockstep::io
