#include <algorithm>

#include <lockstep/data/idx.h>

#include "gzip_file.h"

namespace lockstep {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kLongestHeader = 20;

/// Appends up to `count` bytes; fewer at the end of the file. Memory grows with what is really there.
void append(GzipFile& file, std::vector<std::byte>& bytes, std::size_t count) {
    while (count > 0) {
        const std::size_t old = bytes.size();
        const std::size_t wanted = std::min(count, kPiece);
        bytes.resize(old + wanted);
        const std::size_t got = file.read(std::span(bytes).subspan(old));
        bytes.resize(old + got);
        if (got < wanted) return;
        count -= got;
    }
}

}  // namespace

IdxArray read_idx_file(const std::string& file) {
    GzipFile input(file);
    std::vector<std::byte> bytes;
    append(input, bytes, kLongestHeader);
    const std::size_t total = parse_idx_header(bytes, file).total;
    // One byte more, to see whether there is one.
    if (bytes.size() <= total) append(input, bytes, total + 1 - bytes.size());
    return parse_idx(bytes, file);
}

}  // namespace lockstep
