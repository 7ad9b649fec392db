#pragma once

#include <string>

#include "handle.h"

namespace lockstep::io {

enum class Format { compatible, latest };

/// Makes an empty file, in place of one that is there. Throws IoError.
Handle create_file(const std::string& path, Format format);

/// Opens for reading. Throws IoError that says whether the file is missing, no HDF5, truncated or locked.
Handle open_file(const std::string& path);

/// Opens for reading and writing; an empty handle if another process has the file open. Throws IoError.
Handle try_open_writable(const std::string& path);

/// Flushes and closes. Throws IoError: a full disk shows here, and leaves the file open.
void close_file(Handle& file, const std::string& path);

}  // namespace lockstep::io
