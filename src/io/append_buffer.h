#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::io {

/// Bytes on their way to the end of a file, and where each append ends.
class AppendBuffer {
public:
    bool empty() const { return bytes_.empty(); }
    std::size_t size() const { return bytes_.size(); }
    const char* data() const { return bytes_.data(); }

    void append(std::string_view bytes);
    /// Moves all of `other` to the end of this.
    void take(AppendBuffer& other);
    /// Precondition: an append ends at `count`, or it is 0.
    void drop_front(std::size_t count);
    void clear();

    /// Where the write that starts at `begin` had better end, if byte 0 goes to `offset` of the file: after
    /// as many whole appends as fit into the page that it starts in, at least one. What stays within a page
    /// becomes visible to readers at once. Precondition: begin < size().
    std::size_t end_of_write(std::size_t begin, std::uint64_t offset) const;

private:
    std::string bytes_;
    std::vector<std::size_t> ends_;  // positions in bytes_, increasing
};

}  // namespace lockstep::io
