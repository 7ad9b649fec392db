#pragma once

#include <cstdint>
#include <type_traits>

#include <hdf5.h>

namespace lockstep::io {

/// HDF5's type for a T in memory. The identifier belongs to the library.
template <typename T>
hid_t element_type() {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>);
    if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
    if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
    return H5T_NATIVE_INT64;
}

}  // namespace lockstep::io
