#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <lockstep/core/shape.h>
#include <lockstep/io/executor.h>

namespace lockstep::io {

/// One dataset [samples, ...] of an HDF5 file, read by rows as float. Integers and floating values of any
/// size and byte order and booleans are converted. Filters: deflate, shuffle, Fletcher32, szip.
///
/// Virtual, external and soft-linked datasets can name files outside of the data; they are refused unless
/// allowed. The file stays open for reading, shared with other readers. One thread at a time may use a
/// reader.
class ArrayReader {
public:
    struct Options {
        bool allow_links = false;
    };

    /// Throws IoError (no such file, not HDF5, truncated, locked) or DataError: no such dataset (lists those
    /// that exist), a link, a type that is no number, another filter, an extent of 0.
    ArrayReader(const std::string& file, const std::string& dataset, Options options);
    ~ArrayReader();
    ArrayReader(ArrayReader&&) noexcept;
    ArrayReader& operator=(ArrayReader&&) noexcept;

    std::uint64_t rows() const;
    /// Of one row; {} if the dataset has one axis.
    const Shape& row_shape() const;

    /// Reads row `indices[i]` into out[i * stride, i * stride + row_shape().size()), in any order and with
    /// repeats. Rows that are near each other in the file are read together. Throws DataError if an index is
    /// not below rows(), `out` is too small, or the file is damaged there.
    void read(std::span<const std::uint64_t> indices, std::span<float> out, std::size_t stride) const;

private:
    void read_large_rows(std::span<const std::uint64_t> indices, std::span<float> out,
                         std::size_t stride) const;

    struct File;
    std::shared_ptr<Executor> executor_;
    std::unique_ptr<File> file_;
};

}  // namespace lockstep::io
