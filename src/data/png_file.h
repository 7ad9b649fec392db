#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <png.h>

namespace lockstep {

/// A PNG file of any kind, read once. Not movable: libpng keeps its address.
class PngFile {
public:
    /// What is not there is added, but colours stay colours.
    enum class Format { without_alpha, rgb, rgba };

    /// Reads the header. Throws IoError, or DataError if it is no PNG file, damaged, or says that there are
    /// more pixels than its bytes can hold.
    explicit PngFile(const std::string& name);
    PngFile(const PngFile&) = delete;
    PngFile& operator=(const PngFile&) = delete;

    std::size_t height() const { return png_get_image_height(png_.reader, png_.info); }
    std::size_t width() const { return png_get_image_width(png_.reader, png_.info); }

    /// Decodes the image row by row into `pixels`, whose size it sets. Throws DataError.
    void read(Format format, std::vector<std::uint8_t>& pixels);

    /// Of what read() gave: the numbers of a pixel, and the bits of each, 8 or 16; of 16 the high byte is
    /// first.
    std::size_t channels() const { return png_get_channels(png_.reader, png_.info); }
    std::size_t bit_depth() const { return png_get_bit_depth(png_.reader, png_.info); }

private:
    struct Png {
        ~Png() { png_destroy_read_struct(&reader, &info, nullptr); }
        png_structp reader = nullptr;
        png_infop info = nullptr;
    };

    void require(bool done) const;
    void check_size() const;

    std::string name_;
    std::string message_;  // of libpng
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    Png png_;
};

}  // namespace lockstep
