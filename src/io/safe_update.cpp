#include "safe_update.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

#include <lockstep/core/error.h>

#include "file_access.h"
#include "file_system.h"

namespace lockstep::io {

namespace {

/// Where a superblock of version 0 has the end of what is allocated (HDF5 File Format Specification 3.0,
/// II.A), if addresses have 8 bytes.
constexpr off_t kEndAddress = 40;

bool has_known_superblock(hid_t file, const std::string& path) {
    const Handle list(check(H5Fget_create_plist(file), "H5Fget_create_plist", path));
    unsigned version = 0;
    hsize_t user_block = 0;
    std::size_t address_bytes = 0, size_bytes = 0;
    check(H5Pget_version(list.get(), &version, nullptr, nullptr, nullptr), "H5Pget_version", path);
    check(H5Pget_userblock(list.get(), &user_block), "H5Pget_userblock", path);
    check(H5Pget_sizes(list.get(), &address_bytes, &size_bytes), "H5Pget_sizes", path);
    return version == 0 && user_block == 0 && address_bytes == sizeof(std::uint64_t);
}

int descriptor_of(hid_t file, const std::string& path) {
    void* descriptor = nullptr;
    check(H5Fget_vfd_handle(file, H5P_DEFAULT, &descriptor), "H5Fget_vfd_handle", path);
    return *static_cast<int*>(descriptor);
}

/// HDF5 writes the superblock last, and until then its old end would lie before the chunks that the indices
/// name already: a reader of the columns would fail.
void announce_end(hid_t file, const std::string& path) {
    if (!has_known_superblock(file, path)) return;
    haddr_t end = 0;
    check(H5Fget_eoa(file, &end), "H5Fget_eoa", path);
    std::array<unsigned char, sizeof end> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(end >> (8 * i));

    const int descriptor = descriptor_of(file, path);
    struct stat status {};
    const bool done =
        fstat(descriptor, &status) == 0 &&
        (status.st_size >= static_cast<off_t>(end) || ftruncate(descriptor, static_cast<off_t>(end)) == 0) &&
        pwrite(descriptor, bytes.data(), bytes.size(), kEndAddress) == static_cast<ssize_t>(bytes.size());
    if (!done) throw IoError(path + ": cannot make it longer: " + std::strerror(errno));
}

bool copy_file(const std::string& from, const std::string& to) {
    std::error_code error;
    return std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
}

/// False if there is no room for a copy. The old file is closed before the copy takes its name: what can fail
/// has been done then.
bool try_in_copy(Handle& file, const std::string& path, const Change& change) {
    Handle changed;
    std::error_code error;
    TemporaryFile copy(std::filesystem::canonical(path, error).string());  // a link stays a link
    if (error || !copy_file(path, copy.name())) return false;
    changed = try_open_writable(copy.name());
    if (!changed) throw IoError(copy.name() + ": another process has it open");
    change(changed.get());
    close_file(changed, path);
    close_file(file, path);
    copy.commit();
    return true;
}

}  // namespace

void update_in_place(Handle& file, const std::string& path, const Change& change) {
    change(file.get());
    announce_end(file.get(), path);
    close_file(file, path);
}

void update_in_copy(Handle& file, const std::string& path, const Change& change) {
    if (!try_in_copy(file, path, change)) update_in_place(file, path, change);
}

}  // namespace lockstep::io
