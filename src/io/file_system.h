#pragma once

#include <cstdint>
#include <string>

namespace lockstep::io {

/// Throws IoError if there is no such regular file.
std::uint64_t file_size(const std::string& path);

/// Bytes that this user may still write in the directory of `path`; the largest number if that is unknown.
std::uint64_t free_bytes(const std::string& path);

/// "a/.name.tmp.<pid>" for "a/name": a hidden file in the same directory, so that a rename is atomic.
std::string temporary_name(const std::string& path);

/// "a/run.pending.h5" for "a/run.h5".
std::string pending_name(const std::string& path);

/// Waits until the bytes of a file or the entries of a directory are on the disk. Throws IoError.
void sync_to_disk(const std::string& path);

/// Renames and makes the new entry durable. Throws IoError.
void rename_durably(const std::string& from, const std::string& to);

/// Frees the blocks and removes the name, even while HDF5 cannot let go of the file. Never throws.
void discard_file(const std::string& path) noexcept;

}  // namespace lockstep::io
