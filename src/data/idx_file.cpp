#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <zlib.h>

#include <lockstep/core/error.h>
#include <lockstep/data/idx.h>

namespace lockstep {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kLongestHeader = 20;

/// A file that is read through zlib, which passes on what is not compressed.
class GzipFile {
public:
    explicit GzipFile(const std::string& name) : name_(name), file_(gzopen(name.c_str(), "rb"), gzclose_r) {
        if (!file_) throw IoError(name + ": cannot be opened: " + std::strerror(errno));
    }

    /// Appends up to `count` bytes; fewer at the end of the file.
    void append(std::vector<std::byte>& bytes, std::size_t count) {
        while (count > 0) {
            const std::size_t old = bytes.size();
            const std::size_t wanted = std::min(count, kPiece);
            bytes.resize(old + wanted);
            const int got = gzread(file_.get(), bytes.data() + old, static_cast<unsigned>(wanted));
            bytes.resize(old + static_cast<std::size_t>(std::max(got, 0)));
            check();
            if (got <= 0) return;
            count -= static_cast<std::size_t>(got);
        }
    }

private:
    void check() const {
        int code = Z_OK;
        const char* message = gzerror(file_.get(), &code);
        if (code == Z_ERRNO) throw IoError(name_ + ": cannot be read: " + std::strerror(errno));
        if (code == Z_BUF_ERROR) throw DataError(name_ + ": truncated: the gzip stream ends too early");
        if (code != Z_OK && code != Z_STREAM_END)
            throw DataError(name_ + ": damaged gzip stream: " + message);
    }

    std::string name_;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
};

}  // namespace

IdxArray read_idx_file(const std::string& file) {
    GzipFile input(file);
    std::vector<std::byte> bytes;
    input.append(bytes, kLongestHeader);
    const std::size_t total = parse_idx_header(bytes, file).total;
    // One byte more, to see whether there is one; memory grows with what is really there, whatever the header
    // says.
    if (bytes.size() <= total) input.append(bytes, total + 1 - bytes.size());
    return parse_idx(bytes, file);
}

}  // namespace lockstep
