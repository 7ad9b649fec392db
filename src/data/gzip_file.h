#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <zlib.h>

namespace lockstep {

/// A file that is read from its beginning on through zlib, which passes on what is not compressed.
class GzipFile {
public:
    /// Throws IoError if it cannot be opened.
    explicit GzipFile(const std::string& name);

    /// Fills as much of `out` as there is, and returns how much that was. Throws IoError, or DataError if the
    /// compressed stream is damaged.
    std::size_t read(std::span<std::byte> out);

private:
    void check() const;

    std::string name_;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
};

}  // namespace lockstep
