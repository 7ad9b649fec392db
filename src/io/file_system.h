#pragma once

#include <cstdint>
#include <string>

namespace lockstep::io {

/// Throws IoError if there is no such regular file.
std::uint64_t file_size(const std::string& path);

/// Bytes that this user may still write in the directory of `path`; the largest number if that is unknown.
std::uint64_t free_bytes(const std::string& path);

/// "a/run.pending.h5" for "a/run.h5".
std::string pending_name(const std::string& path);

/// Waits until the bytes of a file or the entries of a directory are on the disk. Throws IoError.
void sync_to_disk(const std::string& path);

/// A file on its way to a name: written as `.<name>.tmp.<pid>` in the same directory, so that a rename is
/// atomic.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string target);
    /// Without a commit(): removes the file. Declare it after the file's handle: HDF5 cannot close a file on
    /// a full disk, and needs the blocks that this frees.
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& name() const { return name_; }

    /// Makes the closed file and its new name durable. Throws IoError; the file that was there before stays
    /// then.
    void commit();

private:
    std::string target_;
    std::string name_;
    bool committed_ = false;
};

}  // namespace lockstep::io
