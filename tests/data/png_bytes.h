#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <zlib.h>

namespace lockstep {

/// The numbers in the header of a PNG file (https://www.w3.org/TR/png/#11IHDR).
struct PngHeader {
    std::uint32_t width = 0, height = 0;
    int depth = 8;  // bits of a number
    int color = 0;  // 0: gray, 2: RGB, 3: palette, 4: gray and alpha, 6: RGB and alpha
    int interlace = 0;
};

inline std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}

inline std::string png_chunk(const std::string& type, const std::string& data) {
    const std::string body = type + data;
    const uLong sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return big_endian(static_cast<std::uint32_t>(data.size())) + body +
           big_endian(static_cast<std::uint32_t>(sum));
}

inline std::string deflated(const std::string& data) {
    uLongf size = compressBound(data.size());
    std::string out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(data.data()),
             data.size());
    return out.substr(0, size);
}

/// A PNG file, byte by byte. `rows` are as they are in the file, without their filter bytes; `extra` are
/// chunks before the pixels.
inline std::string png_file(const PngHeader& header, const std::vector<std::string>& rows,
                            const std::string& extra = "") {
    std::string fields = big_endian(header.width) + big_endian(header.height);
    for (const int field : {header.depth, header.color, 0, 0, header.interlace})
        fields += static_cast<char>(field);
    std::string pixels;
    for (const std::string& row : rows) pixels += '\0' + row;
    return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", fields) + extra + png_chunk("IDAT", deflated(pixels)) +
           png_chunk("IEND", "");
}

/// A gray image whose pixels count up from `first`.
inline std::string gray_png(std::uint32_t height, std::uint32_t width, int first) {
    std::vector<std::string> rows;
    for (std::uint32_t y = 0; y < height; ++y) {
        rows.emplace_back();
        for (std::uint32_t x = 0; x < width; ++x) rows.back() += static_cast<char>(first++);
    }
    return png_file({.width = width, .height = height}, rows);
}

}  // namespace lockstep
