#include "append_buffer.h"

#include <algorithm>

namespace lockstep::io {

namespace {

constexpr std::uint64_t kPage = 4096;

}  // namespace

void AppendBuffer::append(std::string_view bytes) {
    if (bytes.empty()) return;
    bytes_ += bytes;
    ends_.push_back(bytes_.size());
}

void AppendBuffer::take(AppendBuffer& other) {
    const std::size_t before = bytes_.size();
    bytes_ += other.bytes_;
    for (const std::size_t end : other.ends_) ends_.push_back(before + end);
    other.clear();
}

void AppendBuffer::drop_front(std::size_t count) {
    bytes_.erase(0, count);
    ends_.erase(ends_.begin(), std::ranges::upper_bound(ends_, count));
    for (std::size_t& end : ends_) end -= count;
}

void AppendBuffer::clear() {
    bytes_.clear();
    ends_.clear();
}

std::size_t AppendBuffer::end_of_write(std::size_t begin, std::uint64_t offset) const {
    const std::uint64_t page_end = ((offset + begin) / kPage + 1) * kPage;
    const auto first = std::ranges::upper_bound(ends_, begin);
    const auto beyond = std::upper_bound(first, ends_.end(), page_end - offset);
    return beyond == first ? *first : *(beyond - 1);
}

}  // namespace lockstep::io
