#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/data/source.h>

namespace lockstep {

struct ImageFiles;

/// The channels that images have in memory. Those without colour get it, colours become their luma (ITU-R
/// BT.601: 0.299 R + 0.587 G + 0.114 B), and images without transparency are opaque.
enum class ColorMode { grayscale = 1, rgb = 3, rgba = 4 };

/// PNG images in folders, one for each class; the target is the index of the folder. A directory without
/// folders has images without targets. Files are decoded when a batch is read.
///
/// Pixels are 0 to 255; those of images with 16 bits have fractions.
class ImageSource final : public Source {
public:
    struct Options {
        std::string directory;
        std::vector<std::string> classes = {};  // names of folders; empty: all, in name order
        std::optional<Shape> image_size = {};   // height, width; none: that of the first image
        ColorMode color_mode = ColorMode::rgb;
        float scale = 1.0F;
    };

    /// Looks up the names of all files, in name order, and the size of the first one. Throws IoError if the
    /// directory cannot be read, or DataError if there is no such folder, no PNG file, or an image of another
    /// format. What is wrong with a file, and another size, is a DataError of read().
    explicit ImageSource(const Options& options);
    ~ImageSource() override;

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

    std::uint64_t size() const override;
    const Shape& input_shape() const override { return input_shape_; }
    const Shape& target_shape() const override { return target_shape_; }
    bool has_targets() const override { return target_shape_.size() == 1; }
    void read(std::span<const std::uint64_t> indices, const SampleRows& out) const override;
    bool may_block() const override { return true; }
    /// Names the classes.
    std::string describe() const override { return name_; }

private:
    void read_image(const std::string& path, std::span<float> out) const;

    ColorMode color_mode_;
    float scale_;
    std::unique_ptr<const ImageFiles> files_;
    std::string name_;
    Shape input_shape_, target_shape_;

    // Of one image, kept from call to call.
    mutable std::vector<std::uint8_t> pixels_;  // as they were decoded
    mutable std::vector<float> colors_;
};

}  // namespace lockstep
