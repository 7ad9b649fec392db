#include "output_file.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lockstep::io {

namespace {

constexpr mode_t kMode = 0666;  // less the umask

}  // namespace

OutputFile::OutputFile(const std::string& path)
    : descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode)) {}

OutputFile::~OutputFile() {
    if (is_open()) ::close(descriptor_);
}

std::optional<std::uint64_t> OutputFile::size() const {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(status.st_size);
}

bool OutputFile::cut(std::uint64_t size) const {
    return ftruncate(descriptor_, static_cast<off_t>(size)) == 0;
}

bool OutputFile::write(std::string_view bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const ssize_t count = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return true;
}

bool OutputFile::close() {
    return ::close(std::exchange(descriptor_, -1)) == 0 || errno == EINTR;
}

}  // namespace lockstep::io
