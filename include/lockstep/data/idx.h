#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lockstep {

/// The contents of an IDX file, the format of MNIST. Bytes stay bytes, the other types become float.
///
/// A file is two zero bytes, a type (0x08 unsigned byte, 0x09 signed byte, 0x0B int16, 0x0C int32, 0x0D
/// float32, 0x0E float64), the number of axes, one 32-bit extent per axis, and the elements; all numbers are
/// big-endian.
struct IdxArray {
    std::vector<std::size_t> extents;  // slowest first: samples, rows, columns
    std::vector<std::uint8_t> bytes;   // type 0x08, else empty
    std::vector<float> values;         // the other types, else empty
};

/// What the beginning of a file says.
struct IdxHeader {
    std::uint8_t type = 0;
    std::vector<std::size_t> extents;
    std::size_t size = 0;   // of the header, bytes
    std::size_t total = 0;  // of the whole file, bytes
};

/// Checks the header at the beginning of `file`. `name` is for messages. Throws DataError (what, expected,
/// got) if it is cut short, has another magic number, an unknown type, no or more than 4 axes, or extents
/// that are 0 or whose product overflows.
IdxHeader parse_idx_header(std::span<const std::byte> file, const std::string& name);

/// Checks and converts a whole file. Throws DataError as above, and if the size is not exactly what the
/// header says.
IdxArray parse_idx(std::span<const std::byte> file, const std::string& name);

/// Reads a file, plain or compressed with gzip; never more of it than its header says. Throws IoError or
/// DataError.
IdxArray read_idx_file(const std::string& file);

}  // namespace lockstep
