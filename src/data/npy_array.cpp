#include "npy_array.h"

#include <utility>

namespace lockstep {

NpyArray::NpyArray(std::string name, std::unique_ptr<ByteReader> bytes)
    : name_(std::move(name)),
      bytes_(std::move(bytes)),
      header_(read_npy_header(*bytes_, name_)),
      row_shape_(std::vector<std::size_t>(header_.extents.begin() + 1, header_.extents.end())),
      row_(row_shape_.size() * header_.type.size) {
    row(rows() - 1);  // a damaged archive shows now, not in the middle of an epoch
}

std::span<const std::byte> NpyArray::row(std::uint64_t index) const {
    bytes_->read(header_.size + index * row_.size(), row_);
    return row_;
}

void NpyArray::read(std::span<const std::uint64_t> indices, std::span<float> out, std::size_t stride) const {
    for (std::size_t i = 0; i < indices.size(); ++i)
        header_.type.to_floats(row(indices[i]), out.subspan(i * stride, row_shape_.size()));
}

}  // namespace lockstep
