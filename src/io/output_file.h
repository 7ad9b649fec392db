#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::io {

/// A file open for writing. Functions that fail say why in errno.
class OutputFile {
public:
    /// Creates the file if there is none.
    explicit OutputFile(const std::string& path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    bool is_open() const { return descriptor_ >= 0; }
    std::optional<std::uint64_t> size() const;
    bool cut(std::uint64_t size) const;
    /// A part may be in the file if this fails.
    bool write(std::string_view bytes, std::uint64_t offset) const;
    /// A network file system says only here that it has no room.
    bool close();

private:
    int descriptor_;
};

}  // namespace lockstep::io
