#include "file_system.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <lockstep/core/error.h>
#include <lockstep/io/temporaries.h>

namespace lockstep::io {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& action) {
    throw IoError(path + ": cannot " + action + ": " + std::strerror(errno));
}

constexpr std::string_view kTemporaryMark = ".tmp.";

std::string temporary_name(const std::string& target) {
    const std::filesystem::path path(target);
    const std::string name = "." + path.filename().string() + std::string(kTemporaryMark);
    return (path.parent_path() / (name + std::to_string(getpid()))).string();
}

bool is_temporary_name(std::string_view name) {
    const std::size_t mark = name.rfind(kTemporaryMark);
    if (!name.starts_with('.') || mark == std::string_view::npos) return false;
    const std::string_view process = name.substr(mark + kTemporaryMark.size());
    return !process.empty() && process.find_first_not_of("0123456789") == std::string_view::npos;
}

std::filesystem::path directory_of(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path();
    return parent.empty() ? "." : parent;
}

}  // namespace

std::uint64_t file_size(const std::string& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        throw IoError(path + ": expected a file, got a directory or a device");
    const std::uintmax_t bytes = std::filesystem::file_size(path, error);
    if (error) throw IoError(path + ": cannot open: " + error.message());
    return bytes;
}

std::uint64_t free_bytes(const std::string& path) {
    struct statvfs info {};
    if (statvfs(directory_of(path).c_str(), &info) != 0) return std::numeric_limits<std::uint64_t>::max();
    return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

std::string pending_name(const std::string& path) {
    return std::filesystem::path(path).replace_extension(".pending.h5").string();
}

void remove_temporaries(const std::string& directory) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(directory, error)) return;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        if (is_temporary_name(entry.path().filename().string())) fs::remove(entry.path(), error);
        if (error) throw IoError(entry.path().string() + ": cannot remove: " + error.message());
    }
    if (error) throw IoError(directory + ": cannot list: " + error.message());
}

void sync_to_disk(const std::string& path) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) fail(path, "open");
    const bool failed =
        fsync(descriptor) != 0 && errno != EINVAL;  // EINVAL: a file system that cannot sync directories
    const int error = errno;
    close(descriptor);
    errno = error;
    if (failed) fail(path, "write to disk");
}

TemporaryFile::TemporaryFile(std::string target)
    : target_(std::move(target)), name_(temporary_name(target_)) {}

TemporaryFile::~TemporaryFile() {
    // Unlinking alone would keep the blocks taken until the last descriptor is closed.
    if (!committed_ && truncate(name_.c_str(), 0) == 0) unlink(name_.c_str());
}

void TemporaryFile::commit() {
    sync_to_disk(name_);
    if (std::rename(name_.c_str(), target_.c_str()) != 0) fail(target_, "rename " + name_ + " to it");
    committed_ = true;
    sync_to_disk(directory_of(target_).string());
}

}  // namespace lockstep::io
