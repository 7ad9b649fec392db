#pragma once

#include <string>

#include <lockstep/io/array_reader.h>

#include "row_array.h"

namespace lockstep {

/// A dataset of an HDF5 file.
class Hdf5Array final : public RowArray {
public:
    /// Throws as io::ArrayReader does.
    Hdf5Array(const std::string& file, const std::string& dataset, io::ArrayReader::Options options)
        : name_(file + ": " + dataset), reader_(file, dataset, options) {}

    std::string name() const override { return name_; }
    std::uint64_t rows() const override { return reader_.rows(); }
    const Shape& row_shape() const override { return reader_.row_shape(); }
    void read(std::span<const std::uint64_t> indices, std::span<float> out,
              std::size_t stride) const override {
        reader_.read(indices, out, stride);
    }

private:
    std::string name_;
    io::ArrayReader reader_;
};

}  // namespace lockstep
