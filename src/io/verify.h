#pragma once

#include <string>
#include <vector>

#include <hdf5.h>

#include "blocks.h"

namespace lockstep::io {

/// Reads a block of `dataset` as `type` into `out`. Returns what went wrong; "" if nothing did.
std::string read_block(hid_t dataset, const Block& block, hid_t type, void* out);

/// Reads every dataset below the root, so that every checksum is checked. One line for each that cannot be
/// read.
std::vector<std::string> verify_datasets(hid_t file, const std::string& path);

/// One line for each group whose datasets have unequal lengths, and for each that holds datasets and groups.
std::vector<std::string> verify_tables(hid_t file, const std::string& path);

}  // namespace lockstep::io
