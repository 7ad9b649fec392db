#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "byte_reader.h"
#include "npy_type.h"

namespace lockstep {

/// What the beginning of a .npy file says.
///
/// A file is "\x93NUMPY", two bytes of version, the length of what follows (16 bits, from version 2 on 32,
/// little-endian), a Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (60, 784)},
/// and the elements: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NpyHeader {
    NpyType type;
    std::vector<std::size_t> extents;  // slowest first: samples, ...; none is 0
    std::uint64_t size = 0;            // of the header, bytes
};

/// Reads and checks the header. `where` begins messages. Throws DataError (what, expected, got) if it is no
/// header, the elements are no numbers or in Fortran order, there are no samples, or the size is not exactly
/// what the header says.
NpyHeader read_npy_header(const ByteReader& bytes, const std::string& where);

}  // namespace lockstep
