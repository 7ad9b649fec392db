#pragma once

#include <functional>
#include <string>

#include "handle.h"

/// How to change a file that others read, so that a kill at any moment leaves one that they can read.
namespace lockstep::io {

/// What is done to an open file. To do it once more must change nothing: an error may show when all is done,
/// and the caller will try again. Throws IoError.
using Change = std::function<void(hid_t file)>;

/// For rows at the end of columns: the file itself grows. Closes `file`. Throws IoError.
void update_in_place(Handle& file, const std::string& path, const Change& change);

/// For all else. HDF5 writes a new name in several places, and one without the others is a file that nobody
/// can open; what refers to a new node of an index may come before it; what shrinks is cut before it is said
/// to be shorter. So a copy of the file is changed, and takes its name; whoever has the old one open keeps
/// it. In place where there is no room for a copy. `file`, which is closed, keeps others from writing
/// meanwhile. Throws IoError.
void update_in_copy(Handle& file, const std::string& path, const Change& change);

}  // namespace lockstep::io
