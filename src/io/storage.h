#pragma once

#include <string>
#include <vector>

#include <hdf5.h>

#include "links.h"

namespace lockstep::io {

/// What a dataset may claim beyond what is stored of it: HDF5 does not store what was never written.
constexpr hsize_t kMostUnwritten = hsize_t{64} << 20;

/// Of the chunks of a dataset; {} if it has none.
std::vector<hsize_t> chunk_extents(hid_t dataset, const std::string& where);
/// Of one chunk in memory; 0 for a dataset that has none.
hsize_t chunk_bytes(hid_t dataset, const std::string& where);

/// Looking at the extents of a virtual dataset would open the files that it names.
bool is_virtual(hid_t dataset, const std::string& where);

/// Throws DataError if the bytes of a dataset lie in other files, unless that is allowed.
void require_own_bytes(hid_t dataset, Links links, const std::string& where);

/// Throws DataError unless a dataset can be read safely: if it has not its own bytes, if it uses a filter
/// that is not part of HDF5, or if it claims to be larger than what is stored of it can be, so that reading
/// it would take more memory than the file is worth.
void require_safe_storage(hid_t dataset, Links links, const std::string& where);

}  // namespace lockstep::io
