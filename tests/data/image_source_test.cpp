#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/data/image_source.h>
#include <lockstep/data/registry.h>

#include "counting_source.h"
#include "error_of.h"
#include "png_bytes.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

class ImageSourceTest : public ScratchTest {
protected:
    /// "train/cat/1.png", with the folders.
    std::string save(const std::string& name, const std::string& bytes) const {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        return write(name, std::as_bytes(std::span(bytes)));
    }
    std::unique_ptr<Source> from_job(const std::string& keys) const {
        Config data = Config::from_json(R"({"source": "images", )" + keys + "}");
        data.set_origin({"job.toml", 6}, "data");
        return make_source(data, DataPart::train, directory_);
    }
    /// The pixels of one image.
    std::vector<float> pixels(const std::string& bytes, ColorMode mode) const {
        save("one/x.png", bytes);
        return read_rows(ImageSource({.directory = path("one"), .color_mode = mode}), {0}).inputs;
    }
    std::string damage(const std::string& bytes, std::optional<Shape> size = {}) const {
        save("one/x.png", bytes);
        return error_of<DataError>([&] {
            const ImageSource source({.directory = path("one"), .image_size = std::move(size)});
            read_rows(source, {0});
        });
    }
};

std::string text(std::initializer_list<int> bytes) {
    std::string made;
    for (const int byte : bytes) made += static_cast<char>(byte);
    return made;
}

TEST_F(ImageSourceTest, FoldersAreClassesInNameOrder) {
    save("train/dog/b.png", gray_png(1, 2, 30));
    save("train/dog/a.PNG", gray_png(1, 2, 20));
    save("train/dog/more/c.png", gray_png(1, 2, 40));
    save("train/cat/z.png", gray_png(1, 2, 10));
    save("train/cat/notes.txt", "not an image");
    save("train/readme.png", "of no class");
    const auto source = from_job(R"("train": {"directory": "train"}, "color_mode": "grayscale")");
    EXPECT_EQ(source->size(), 4U);
    EXPECT_EQ(source->input_shape(), (Shape{1, 2, 1}));
    EXPECT_EQ(source->target_shape(), Shape{1});
    EXPECT_TRUE(source->may_block());
    EXPECT_EQ(source->describe(), "images train (2 classes: cat, dog)");
    const Rows rows = read_rows(*source, {3, 0, 2, 1});
    EXPECT_THAT(rows.inputs, ElementsAre(40, 41, 10, 11, 30, 31, 20, 21));
    EXPECT_THAT(rows.targets, ElementsAre(1, 0, 1, 1));
}

TEST_F(ImageSourceTest, ClassesCanBeChosen) {
    for (const char* name : {"a", "b", "c"})
        save(std::string("x/") + name + "/1.png", gray_png(2, 2, name[0]));
    const auto source = from_job(
        R"("train": {"directory": "x/"}, "classes": ["c", "a"], "scale": 0.5, "color_mode": "grayscale")");
    EXPECT_EQ(source->describe(), "images x (2 classes: c, a)");
    const Rows rows = read_rows(*source, {0, 1});
    EXPECT_EQ(rows.inputs.front(), 0.5F * 'c');
    EXPECT_THAT(rows.targets, ElementsAre(0, 1));
    EXPECT_THAT(error_of<DataError>([&] { from_job(R"("train": {"directory": "x"}, "classes": ["d"])"); }),
                HasSubstr("x: there is no folder for the class \"d\"; there are: a, b, c"));
}

TEST_F(ImageSourceTest, WithoutFoldersThereAreNoTargets) {
    save("x/2.png", gray_png(1, 1, 7));
    save("x/1.png", gray_png(1, 1, 5));
    const auto source = from_job(R"("train": {"directory": "x"}, "classes": ["a", "b"])");
    EXPECT_FALSE(source->has_targets());
    EXPECT_EQ(source->describe(), "images x");
    EXPECT_THAT(read_rows(*source, {0, 1}).inputs, ElementsAre(5, 5, 5, 7, 7, 7));
}

TEST_F(ImageSourceTest, EveryKindOfPng) {
    const auto mode = ColorMode::rgba;
    EXPECT_THAT(pixels(png_file({.width = 1, .height = 1}, {text({9})}), mode), ElementsAre(9, 9, 9, 255));
    EXPECT_THAT(pixels(png_file({.width = 3, .height = 1, .depth = 2}, {text({0b00011011})}), mode),
                ElementsAre(0, 0, 0, 255, 85, 85, 85, 255, 170, 170, 170, 255));
    EXPECT_THAT(pixels(png_file({.width = 1, .height = 2, .color = 2}, {"\1\2\3", "\4\5\6"}), mode),
                ElementsAre(1, 2, 3, 255, 4, 5, 6, 255));
    EXPECT_THAT(pixels(png_file({.width = 1, .height = 1, .color = 4}, {"\7\x10"}), mode),
                ElementsAre(7, 7, 7, 16));
    EXPECT_THAT(pixels(png_file({.width = 1, .height = 1, .color = 6}, {"\1\2\3\4"}), mode),
                ElementsAre(1, 2, 3, 4));
    const std::string palette = png_chunk("PLTE", "abcdef"), transparency = png_chunk("tRNS", text({255, 0}));
    EXPECT_THAT(pixels(png_file({.width = 2, .height = 1, .depth = 1, .color = 3}, {text({0b01000000})},
                                palette + transparency),
                       mode),
                ElementsAre('a', 'b', 'c', 255, 'd', 'e', 'f', 0));
    EXPECT_THAT(
        pixels(png_file({.width = 1, .height = 1, .depth = 16}, {text({0x80, 0x00})}), ColorMode::grayscale),
        ElementsAre(FloatNear(255.0F * 0x8000 / 0xFFFF, 1e-4F)));
    EXPECT_THAT(
        pixels(png_file({.width = 1, .height = 1, .depth = 16, .color = 2}, {text({255, 255, 0, 0, 1, 1})}),
               mode),
        ElementsAre(255, 0, 1, 255));
}

TEST_F(ImageSourceTest, ChannelsAreThoseOfTheColorMode) {
    const std::string color = png_file({.width = 1, .height = 1, .color = 6}, {text({200, 100, 50, 7})});
    EXPECT_THAT(pixels(color, ColorMode::rgb), ElementsAre(200, 100, 50));
    EXPECT_THAT(pixels(color, ColorMode::grayscale),
                ElementsAre(FloatNear(0.299F * 200 + 0.587F * 100 + 0.114F * 50, 1e-4F)));
    EXPECT_THAT(pixels(png_file({.width = 1, .height = 1, .color = 4}, {"\7\x10"}), ColorMode::grayscale),
                ElementsAre(7));
    const std::string gamma = png_chunk("gAMA", big_endian(45455));
    EXPECT_THAT(pixels(png_file({.width = 1, .height = 1, .color = 2}, {text({200, 100, 50})}, gamma),
                       ColorMode::rgb),
                ElementsAre(200, 100, 50))
        << "numbers are as they are in the file";
}

TEST_F(ImageSourceTest, Interlaced) {
    // Adam7 of 2 x 2 pixels: pass 1 has (0, 0), pass 6 has (0, 1), pass 7 the second row.
    EXPECT_THAT(pixels(png_file({.width = 2, .height = 2, .interlace = 1}, {"\1", "\2", "\3\4"}),
                       ColorMode::grayscale),
                ElementsAre(1, 2, 3, 4));
}

TEST_F(ImageSourceTest, ImagesOfAnotherSizeAreNamed) {
    save("x/a/1.png", gray_png(2, 3, 0));
    const std::string other = save("x/a/2.png", gray_png(3, 2, 0));
    const ImageSource source({.directory = path("x")});
    EXPECT_EQ(source.input_shape(), (Shape{2, 3, 3}));
    EXPECT_THAT(
        error_of<DataError>([&] {
            read_rows(source, {0, 1});
        }),
        HasSubstr(other + ": expected 2 x 3 pixels (height x width, `image_size`), got 3 x 2; resize it"));
    const auto sized = from_job(R"("train": {"directory": "x"}, "image_size": [3, 2])");
    EXPECT_EQ(sized->input_shape(), (Shape{3, 2, 3}));
}

TEST_F(ImageSourceTest, DamagedImagesAreNamed) {
    const std::string good = gray_png(8, 8, 0);
    EXPECT_THAT(damage(""), HasSubstr("x.png: damaged or no PNG image: "));
    EXPECT_THAT(damage("GIF89a, not PNG"), HasSubstr("x.png: damaged or no PNG image: Not a PNG file"));
    EXPECT_THAT(damage(good.substr(0, 20)), HasSubstr("x.png: damaged or no PNG image: Read Error"));
    EXPECT_THAT(damage(good.substr(0, good.size() - 30)),
                HasSubstr("x.png: damaged or no PNG image: Read Error"));
    std::string flipped = good;
    char& middle = flipped[good.find("IDAT") + 12];
    middle = static_cast<char>(~middle);
    EXPECT_THAT(damage(flipped), HasSubstr("x.png: damaged or no PNG image: "));
    EXPECT_THAT(damage(png_file({.width = 8, .height = 8}, {"too few"})),
                HasSubstr("x.png: damaged or no PNG image"));
    EXPECT_THAT(damage(png_file({.width = 8, .height = 8, .depth = 7}, {})), HasSubstr("Invalid IHDR data"));
    EXPECT_THAT(damage(png_file({.width = 0x7FFFFFFF, .height = 0x7FFFFFFF}, {})),
                HasSubstr("Invalid IHDR data"));
}

TEST_F(ImageSourceTest, PromisesThatCannotBeTrueAreRefused) {
    const std::string huge = png_file({.width = 900'000, .height = 900'000, .depth = 16, .color = 6}, {"x"});
    EXPECT_THAT(damage(huge), HasSubstr("x.png: damaged: 900000 x 900000 pixels cannot come from"));
    EXPECT_THAT(damage(huge, Shape{8, 8}),
                HasSubstr("x.png: damaged: 900000 x 900000 pixels cannot come from"));
}

TEST_F(ImageSourceTest, WhatIsNoImageDirectoryIsRefused) {
    const auto message = [&](const std::string& keys) {
        return error_of<DataError>([&] { from_job(keys); });
    };
    save("x/a/notes.txt", "");
    EXPECT_THAT(message(R"("train": {"directory": "x"})"),
                HasSubstr("x: expected PNG images, in one folder for each class, got none"));
    save("x/a/1.jpeg", "");
    EXPECT_THAT(message(R"("train": {"directory": "x"})"),
                HasSubstr("x/a/1.jpeg: expected PNG images; convert it"));
    EXPECT_THAT(error_of<IoError>([&] { from_job(R"("train": {"directory": "gone"})"); }),
                HasSubstr("job.toml:6: data.train.directory: there is no directory " + path("gone")));
}

TEST_F(ImageSourceTest, KeysAreChecked) {
    const auto message = [&](const std::string& keys) {
        save("x/1.png", gray_png(1, 1, 0));
        return error_of<ConfigError>([&] { from_job(R"("train": {"directory": "x"}, )" + keys); });
    };
    EXPECT_THAT(message(R"("image_size": [3])"),
                HasSubstr("job.toml:6: data.image_size: expected [height, width]"));
    EXPECT_THAT(message(R"("image_size": [3, 0])"), HasSubstr("data.image_size: expected [height, width]"));
    EXPECT_THAT(message(R"("color_mode": "gray")"),
                HasSubstr("data.color_mode: expected \"grayscale\", \"rgb\" or \"rgba\", got \"gray\""));
    EXPECT_THAT(message(R"("targets": "y")"), HasSubstr("data.targets: unknown key"));
}

}  // namespace
}  // namespace lockstep
