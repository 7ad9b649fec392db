#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lockstep {

inline std::vector<std::byte> bytes_of(const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

/// Numbers one behind the other, as they are in the memory of this machine.
template <typename T>
std::string raw(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// A .npy file as NumPy writes it, around any dictionary.
inline std::string npy_file(const std::string& dictionary, const std::string& data, int version = 1) {
    const std::size_t before = version == 1 ? 10 : 12;
    std::string text = dictionary;
    while ((before + text.size() + 1) % 64 != 0) text += ' ';
    text += '\n';
    std::string file = std::string("\x93NUMPY") + static_cast<char>(version) + '\0';
    for (std::size_t shift = 0; shift < 8 * (before - 8); shift += 8)
        file += static_cast<char>(text.size() >> shift & 0xFF);
    return file + text + data;
}

/// The dictionary of an array in C order; `shape` as Python writes it.
inline std::string npy_dictionary(const std::string& descr, const std::string& shape) {
    return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
}

/// Floats that count up from `first`.
inline std::string npy_counting(const std::string& shape, std::size_t elements, float first) {
    std::vector<float> values;
    for (std::size_t i = 0; i < elements; ++i) values.push_back(first + static_cast<float>(i));
    return npy_file(npy_dictionary("<f4", shape), raw(values));
}

}  // namespace lockstep
