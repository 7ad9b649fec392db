#include "png_file.h"

#include <cerrno>
#include <csetjmp>
#include <cstring>
#include <filesystem>

#include <lockstep/core/deflate_limit.h>
#include <lockstep/core/error.h>

namespace lockstep {

namespace {

void keep_message(png_structp png, png_const_charp message) {
    *static_cast<std::string*>(png_get_error_ptr(png)) = message;
    png_longjmp(png, 1);
}

void ignore_warning(png_structp /*png*/, png_const_charp /*message*/) {}

// libpng jumps out of these when something is wrong: nothing in them may need a destructor.

bool read_header(png_structp png, png_infop info, std::FILE* file) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    // Neither texts nor profiles: they can be large, and a profile would change the colours.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_init_io(png, file);
    png_read_info(png, info);
    return true;
}

bool set_format(png_structp png, png_infop info, PngFile::Format format) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_set_expand(png);  // palettes, fewer than 8 bits, and colours that mean transparency
    if (format != PngFile::Format::without_alpha) png_set_gray_to_rgb(png);
    if (format == PngFile::Format::rgba)
        png_set_add_alpha(png, 0xFFFF, PNG_FILLER_AFTER);
    else
        png_set_strip_alpha(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    return true;
}

bool read_rows(png_structp png, png_bytepp rows) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_read_image(png, rows);
    return true;
}

}  // namespace

PngFile::PngFile(const std::string& name) : name_(name), file_(std::fopen(name.c_str(), "rb"), std::fclose) {
    if (!file_) throw IoError(name + ": cannot be opened: " + std::strerror(errno));
    png_.reader = png_create_read_struct(PNG_LIBPNG_VER_STRING, &message_, keep_message, ignore_warning);
    if (png_.reader != nullptr) png_.info = png_create_info_struct(png_.reader);
    require(png_.info != nullptr && read_header(png_.reader, png_.info, file_.get()));
    check_size();
}

void PngFile::read(Format format, std::vector<std::uint8_t>& pixels) {
    require(set_format(png_.reader, png_.info, format));
    const std::size_t row_bytes = png_get_rowbytes(png_.reader, png_.info);
    pixels.resize(height() * row_bytes);
    std::vector<png_bytep> rows;
    for (std::size_t row = 0; row < height(); ++row) rows.push_back(pixels.data() + row * row_bytes);
    require(read_rows(png_.reader, rows.data()));
}

void PngFile::require(bool done) const {
    if (!done) throw DataError(name_ + ": damaged or no PNG image: " + message_);
}

void PngFile::check_size() const {
    const std::uint64_t stored = height() * png_get_rowbytes(png_.reader, png_.info);
    const std::uint64_t bytes = std::filesystem::file_size(name_);
    if (stored / kMostInflated > bytes)
        throw DataError(name_ + ": damaged: " + std::to_string(height()) + " x " + std::to_string(width()) +
                        " pixels cannot come from " + std::to_string(bytes) + " bytes");
}

}  // namespace lockstep
