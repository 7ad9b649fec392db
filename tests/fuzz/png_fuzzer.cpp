// A folder with one image. Wrong checksums would end nearly every input at its first chunk: they are mended.
#include <filesystem>
#include <vector>

#include <zlib.h>

#include <lockstep/data/image_source.h>

#include "input_file.h"
#include "read_rows.h"
#include "scratch_directory.h"
#include "survive.h"

using namespace lockstep;

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kFrame = 12;  // of a chunk: length, type and checksum

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
           bytes[3];
}

void mend_checksums(std::span<std::uint8_t> image) {
    for (std::size_t at = kSignature; at + kFrame <= image.size();) {
        const std::size_t length = big_endian(image.subspan(at));
        if (length > image.size() - at - kFrame) return;
        const auto sum = crc32(0, image.data() + at + 4, static_cast<unsigned>(length + 4));
        for (std::size_t i = 0; i < 4; ++i)
            image[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
        at += kFrame + length;
    }
}

/// A folder whose only image is the input file.
struct Folder {
    Folder() { std::filesystem::create_symlink(file.name(), directory / "image.png"); }
    fuzz::InputFile file;
    ScratchDirectory directory;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    std::vector<std::uint8_t> image(data, data + size);
    mend_checksums(image);
    folder.file.write(image);
    for (const ColorMode mode : {ColorMode::grayscale, ColorMode::rgb, ColorMode::rgba})
        fuzz::survive([&] {
            fuzz::read_rows(ImageSource({.directory = folder.directory.string(), .color_mode = mode}));
        });
    return 0;
}
