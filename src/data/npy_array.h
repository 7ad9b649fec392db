#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "byte_reader.h"
#include "npy_header.h"
#include "row_array.h"

namespace lockstep {

/// A .npy file, or one in an archive.
class NpyArray final : public RowArray {
public:
    /// Throws DataError as read_npy_header() does, or if the last row cannot be read.
    NpyArray(std::string name, std::unique_ptr<ByteReader> bytes);

    std::string name() const override { return name_; }
    std::uint64_t rows() const override { return header_.extents.front(); }
    const Shape& row_shape() const override { return row_shape_; }
    void read(std::span<const std::uint64_t> indices, std::span<float> out,
              std::size_t stride) const override;

private:
    std::span<const std::byte> row(std::uint64_t index) const;

    std::string name_;
    std::unique_ptr<ByteReader> bytes_;
    NpyHeader header_;
    Shape row_shape_;
    mutable std::vector<std::byte> row_;  // as it is in the file
};

}  // namespace lockstep
