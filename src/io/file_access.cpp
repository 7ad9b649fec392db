#include "file_access.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <lockstep/core/error.h>

#include "file_system.h"

namespace lockstep::io {

namespace {

constexpr std::array<unsigned char, 8> kSignature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};

bool is_held(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}
bool lacks_locks(int error) {
    return error == ENOLCK || error == ENOSYS || error == ENOTSUP;
}

/// One file may be open several times in this process; HDF5 asks for the same close degree each time.
/// SEMI: closing a file with objects still open is an error, not a file that stays open unnoticed.
Handle access(Format format) {
    Handle list(check(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate", "file access"));
    check(H5Pset_fclose_degree(list.get(), H5F_CLOSE_SEMI), "H5Pset_fclose_degree", "file access");
    if (format == Format::latest)
        check(H5Pset_libver_bounds(list.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "H5Pset_libver_bounds",
              "file access");
    return list;
}

[[noreturn]] void throw_open_error(const std::string& path) {
    const Hdf5Error error = last_error();
    if (lacks_locks(error.system_error))
        throw IoError(
            path + ": this file system has no file locks: " + error.text +
            "; set HDF5_USE_FILE_LOCKING=FALSE in the environment, or put the file on another file system");
    if (is_held(error.system_error))
        throw IoError(path + ": another process has it open; close it there, or try again: " + error.text);
    throw IoError(path + ": cannot open: " + error.text);
}

/// HDF5 says "file signature not found" to text files and to compressed ones alike.
void require_signature(const std::string& path) {
    const std::uint64_t bytes = file_size(path);
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw IoError(path + ": cannot open: " + std::strerror(errno));
    std::array<unsigned char, 8> start{};
    stream.read(reinterpret_cast<char*>(start.data()), start.size());
    if (start == kSignature) return;
    const bool gzip = start[0] == 0x1F && start[1] == 0x8B;
    if (gzip) throw IoError(path + ": expected an HDF5 file, got one compressed with gzip; gunzip it first");
    // A user block may precede the signature; only then HDF5 has to search for it.
    if (H5Fis_hdf5(path.c_str()) > 0) return;
    throw IoError(path + ": expected an HDF5 file, got " + std::to_string(bytes) +
                  " bytes of something else");
}

}  // namespace

Handle create_file(const std::string& path, Format format) {
    const Handle list = access(format);
    Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, list.get()));
    if (!file) throw_open_error(path);
    return file;
}

Handle open_file(const std::string& path) {
    require_signature(path);
    const Handle list = access(Format::compatible);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, list.get()));
    if (!file) throw_open_error(path);
    return file;
}

Handle try_open_writable(const std::string& path) {
    const Handle list = access(Format::compatible);
    // Nothing is reserved at the end: the file would shrink when it is closed, and its end is announced
    // before.
    check(H5Pset_meta_block_size(list.get(), 0), "H5Pset_meta_block_size", path);
    check(H5Pset_small_data_block_size(list.get(), 0), "H5Pset_small_data_block_size", path);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, list.get()));
    if (file) return file;
    if (is_held(last_error().system_error)) return {};
    throw_open_error(path);
}

void close_file(Handle& file, const std::string& path) {
    check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "H5Fflush", path);
    file.close("H5Fclose", path);
}

}  // namespace lockstep::io
