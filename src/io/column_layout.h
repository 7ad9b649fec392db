#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <hdf5.h>

#include "column_buffer.h"
#include "handle.h"

/// What a ColumnFormat is in HDF5.
namespace lockstep::io {

/// The type in the file, the same on every machine.
Handle stored_type(const ColumnFormat& format);
/// The type of the values of a ColumnBuffer.
Handle memory_type(const ColumnFormat& format);

/// [rows, shape...]
std::vector<hsize_t> extents_for(const ColumnFormat& format, std::uint64_t rows);

/// Of a dataset in chunks, whose new cells are missing ones.
Handle creation_list(const ColumnFormat& format, const std::string& where);

/// Throws DataError if no TableFile writes such a dataset, or its cells are impossibly large.
ColumnFormat format_of(hid_t dataset, const std::string& where);

}  // namespace lockstep::io
