#pragma once

#include <string>
#include <vector>

namespace lockstep::io {

/// The tree of an HDF5 file as text: groups, datasets with shape, type, bytes and filters, attributes. Throws
/// IoError.
std::string describe_file(const std::string& path);

/// What is wrong with the file: unreadable arrays, wrong checksums, columns of unequal length, missing marks
/// of completion. Empty if it is sound. Knows the schemas lockstep.run/1 and lockstep.checkpoint/1.
std::vector<std::string> verify_file(const std::string& path);

/// "1.10.8", and whether the build is thread-safe.
std::string hdf5_version();

}  // namespace lockstep::io
