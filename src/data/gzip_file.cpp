#include "gzip_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <lockstep/core/error.h>

namespace lockstep {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

GzipFile::GzipFile(const std::string& name) : name_(name), file_(gzopen(name.c_str(), "rb"), gzclose_r) {
    if (!file_) throw IoError(name + ": cannot be opened: " + std::strerror(errno));
}

std::size_t GzipFile::read(std::span<std::byte> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const std::size_t wanted = std::min(out.size() - done, kPiece);
        const int got = gzread(file_.get(), out.data() + done, static_cast<unsigned>(wanted));
        check();
        if (got <= 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void GzipFile::check() const {
    int code = Z_OK;
    const char* message = gzerror(file_.get(), &code);
    if (code == Z_ERRNO) throw IoError(name_ + ": cannot be read: " + std::strerror(errno));
    if (code == Z_BUF_ERROR) throw DataError(name_ + ": truncated: the gzip stream ends too early");
    if (code != Z_OK && code != Z_STREAM_END) throw DataError(name_ + ": damaged gzip stream: " + message);
}

}  // namespace lockstep
