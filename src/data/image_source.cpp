#include <algorithm>
#include <filesystem>

#include <lockstep/core/error.h>
#include <lockstep/data/image_source.h>
#include <lockstep/math/kernels.h>

#include "image_files.h"
#include "png_file.h"
#include "source_keys.h"

namespace lockstep {

namespace {

constexpr std::size_t kMostNamed = 10;

std::string name_of(const std::string& directory, const std::vector<std::string>& classes) {
    std::string name = "images " + std::filesystem::path(directory + "/").parent_path().filename().string();
    if (classes.empty()) return name;
    name += " (" + std::to_string(classes.size()) + " classes: ";
    for (std::size_t i = 0; i < std::min(classes.size(), kMostNamed); ++i)
        name += (i == 0 ? "" : ", ") + classes[i];
    return name + (classes.size() > kMostNamed ? ", ...)" : ")");
}

Shape shape_of(const ImageSource::Options& options, const std::string& first) {
    const auto channels = static_cast<std::size_t>(options.color_mode);
    if (options.image_size) return {(*options.image_size)[0], (*options.image_size)[1], channels};
    const PngFile image(first);
    return {image.height(), image.width(), channels};
}

PngFile::Format format_of(ColorMode mode) {
    return mode == ColorMode::rgba  ? PngFile::Format::rgba
           : mode == ColorMode::rgb ? PngFile::Format::rgb
                                    : PngFile::Format::without_alpha;
}

void to_floats(std::size_t bit_depth, std::span<const std::uint8_t> pixels, float scale,
               std::span<float> out) {
    if (bit_depth == 8) return math::from_bytes(pixels, scale, 0.0F, out);
    const float factor = scale / 257.0F;  // 65535 is 255
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = factor * static_cast<float>(pixels[2 * i] << 8 | pixels[2 * i + 1]);
}

void to_luma(std::span<const float> colors, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = 0.299F * colors[3 * i] + 0.587F * colors[3 * i + 1] + 0.114F * colors[3 * i + 2];
}

ColorMode read_color_mode(const Config& keys) {
    const auto name = keys.get<std::string>("color_mode", "rgb");
    if (name == "grayscale") return ColorMode::grayscale;
    if (name == "rgb") return ColorMode::rgb;
    if (name == "rgba") return ColorMode::rgba;
    keys.at("color_mode").fail("expected \"grayscale\", \"rgb\" or \"rgba\", got \"" + name + "\"");
}

std::optional<Shape> read_image_size(const Config& keys) {
    const Config value = keys.find("image_size");
    if (value.is_null()) return std::nullopt;
    const auto extents = value.as<std::vector<std::size_t>>();
    if (extents.size() != 2 || extents[0] == 0 || extents[1] == 0) value.fail("expected [height, width]");
    return Shape(extents);
}

}  // namespace

ImageSource::ImageSource(const Options& options)
    : color_mode_(options.color_mode),
      scale_(options.scale),
      files_(std::make_unique<const ImageFiles>(find_images(options.directory, options.classes))),
      name_(name_of(options.directory, files_->classes)),
      input_shape_(shape_of(options, files_->paths.front())),
      target_shape_{files_->classes.empty() ? 0U : 1U} {}

ImageSource::~ImageSource() = default;

std::uint64_t ImageSource::size() const {
    return files_->paths.size();
}

void ImageSource::read(std::span<const std::uint64_t> indices, const SampleRows& out) const {
    for (std::size_t row = 0; row < indices.size(); ++row) {
        if (!out.inputs.empty()) read_image(files_->paths[indices[row]], out.inputs.row(row));
        if (!out.targets.empty()) out.targets.row(row)[0] = static_cast<float>(files_->labels[indices[row]]);
    }
}

void ImageSource::read_image(const std::string& path, std::span<float> out) const {
    PngFile image(path);
    if (image.height() != input_shape_[0] || image.width() != input_shape_[1])
        throw DataError(path + ": expected " + std::to_string(input_shape_[0]) + " x " +
                        std::to_string(input_shape_[1]) + " pixels (height x width, `image_size`), got " +
                        std::to_string(image.height()) + " x " + std::to_string(image.width()) +
                        "; resize it");
    image.read(format_of(color_mode_), pixels_);
    if (image.channels() == input_shape_[2]) return to_floats(image.bit_depth(), pixels_, scale_, out);
    colors_.resize(out.size() * image.channels());
    to_floats(image.bit_depth(), pixels_, scale_, colors_);
    to_luma(colors_, out);
}

const TypeHelp& ImageSource::help() {
    static const TypeHelp help{
        .summary = "PNG images in folders, one for each class",
        .keys = {
            {"directory", "required",
             "holds the folders, whose names in order are classes 0, 1, ...; or "
             "images without targets"},
            {"classes", "all folders", "names of folders, in the order of the classes"},
            {"image_size", "the first image's", "[height, width] of every image"},
            {"color_mode", "\"rgb\"", "or \"grayscale\" or \"rgba\": channels in memory"},
            {"scale", "1", "factor for the pixels, which are 0 to 255, with fractions if they have 16 bits"},
            source_keys::kFirst}};
    return help;
}

std::unique_ptr<Source> ImageSource::from_config(const Config& keys) {
    const Config directory = keys.at("directory");
    if (!std::filesystem::is_directory(directory.as<std::string>()))
        throw IoError(directory.where() + ": there is no directory " + directory.as<std::string>() +
                      " (relative paths start at the job file)");
    return std::make_unique<ImageSource>(Options{.directory = directory.as<std::string>(),
                                                 .classes = source_keys::names(keys, "classes"),
                                                 .image_size = read_image_size(keys),
                                                 .color_mode = read_color_mode(keys),
                                                 .scale = source_keys::scale(keys, 1.0)});
}

}  // namespace lockstep
