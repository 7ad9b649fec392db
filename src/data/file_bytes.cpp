#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lockstep/core/error.h>

#include "byte_reader.h"

namespace lockstep {

namespace {

class FileBytes final : public ByteReader {
public:
    explicit FileBytes(const std::string& name)
        : name_(name), file_(open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
        struct stat status {};
        if (file_ < 0 || fstat(file_, &status) != 0) fail("opened");
        size_ = static_cast<std::uint64_t>(status.st_size);
    }
    ~FileBytes() override {
        if (file_ >= 0) close(file_);
    }
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;

    std::uint64_t size() const override { return size_; }

    void read(std::uint64_t offset, std::span<std::byte> out) const override {
        while (!out.empty()) {
            const ssize_t got = pread(file_, out.data(), out.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail("read");
            if (got == 0)
                throw DataError(name_ + ": truncated: it had " + std::to_string(size_) +
                                " bytes when it was opened, now it ends at " + std::to_string(offset));
            offset += static_cast<std::uint64_t>(got);
            out = out.subspan(static_cast<std::size_t>(got));
        }
    }

private:
    [[noreturn]] void fail(const char* what) const {
        throw IoError(name_ + ": cannot be " + what + ": " + std::strerror(errno));
    }

    std::string name_;
    int file_;
    std::uint64_t size_ = 0;
};

}  // namespace

std::unique_ptr<ByteReader> open_file_bytes(const std::string& file) {
    return std::make_unique<FileBytes>(file);
}

}  // namespace lockstep
