#include "support/png_image.h"

#include <limits>
#include <numeric>
#include <utility>

#include <gmock/gmock.h>
#include <png.h>

#include <lockstep/core/error.h>

namespace lockstep {
namespace {

using testing::ElementsAre;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::pair<std::size_t, std::size_t> size(const Picture& picture) {
    return {picture.height, picture.width};
}

TEST(PngImage, PixelsAreClipped) {
    const std::vector<float> values{-1, 0, 0.5, 1, 7, kNaN};
    const Picture picture = picture_of_pixels(values, 2, 3, 1);
    EXPECT_EQ(size(picture), std::pair(2UL, 3UL));
    EXPECT_THAT(picture.pixels, ElementsAre(0, 0, 128, 255, 255, 0));
    EXPECT_THROW(picture_of_pixels(values, 2, 2, 1), ShapeError);
    EXPECT_THROW(picture_of_pixels(values, 0, 3, 1), ShapeError);
    EXPECT_THROW(picture_of_pixels(values, 2, 3, 0), ShapeError);
}

TEST(PngImage, ArraysAreScaled) {
    EXPECT_THAT(picture_of_array(std::vector<float>{-2, -1, 0}, {3}).pixels, ElementsAre(0, 128, 255));
    EXPECT_THAT(picture_of_array(std::vector<float>{5, 5}, {2}).pixels, ElementsAre(0, 0));
    EXPECT_THAT(picture_of_array(std::vector<float>{kNaN, 1, 2}, {3}).pixels, ElementsAre(0, 0, 255));
    EXPECT_THAT(picture_of_array(std::vector<float>{kNaN, kNaN}, {2}).pixels, ElementsAre(0, 0));
    const float infinity = std::numeric_limits<float>::infinity();
    EXPECT_THAT(picture_of_array(std::vector<float>{1, 2, infinity, -infinity}, {4}).pixels,
                ElementsAre(0, 255, 255, 0));
}

TEST(PngImage, MatricesLie) {
    const std::vector<float> values{0, 1, 2, 3, 4, 5};
    EXPECT_EQ(size(picture_of_array(values, {2, 3})), std::pair(2UL, 3UL));
    EXPECT_THAT(picture_of_array(values, {2, 3}).pixels, ElementsAre(0, 51, 102, 153, 204, 255));
    const Picture turned = picture_of_array(values, {3, 2});
    EXPECT_EQ(size(turned), std::pair(2UL, 3UL));
    EXPECT_THAT(turned.pixels, ElementsAre(0, 102, 204, 51, 153, 255));
}

// [height 1, width 2, 3 channels] -> tiles 0 and 1, below them tile 2.
TEST(PngImage, ChannelsAreTiles) {
    const Picture picture = picture_of_array(std::vector<float>{0, 1, 2, 3, 4, 5}, {1, 2, 3});
    EXPECT_EQ(size(picture), std::pair(3UL, 5UL));
    EXPECT_THAT(picture.pixels, ElementsAre(0, 153, 255, 51, 204,       //
                                            255, 255, 255, 255, 255,    //
                                            102, 255, 255, 255, 255));  // the fourth tile is empty
}

TEST(PngImage, SamplesAreGreyOrColour) {
    std::vector<float> values(12);
    std::iota(values.begin(), values.end(), 0.0F);
    EXPECT_EQ(picture_of_sample(values, {2, 2, 3}).channels, 3);
    EXPECT_EQ(picture_of_sample(values, {4, 3}).channels, 1);
    EXPECT_EQ(size(picture_of_sample(values, {4, 3})), std::pair(4UL, 3UL));  // as it is
    EXPECT_EQ(size(picture_of_sample(values, {4, 3, 1})), std::pair(4UL, 3UL));
    EXPECT_EQ(size(picture_of_sample(values, {3, 2, 2})), std::pair(3UL, 5UL));  // tiles
}

TEST(PngImage, AnotherDecoderReadsThePixels) {
    for (std::size_t channels = 1; channels <= 4; ++channels) {
        Picture picture{.height = 3, .width = 5, .channels = channels, .pixels = {}};
        for (std::size_t i = 0; i < 15 * channels; ++i)
            picture.pixels.push_back(static_cast<std::uint8_t>(7 * i));
        const std::string bytes = encode_png(picture);
        png_image image{};
        image.version = PNG_IMAGE_VERSION;
        ASSERT_NE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()), 0) << image.message;
        EXPECT_EQ(image.height, 3);
        EXPECT_EQ(image.width, 5);
        ASSERT_EQ(PNG_IMAGE_SAMPLE_CHANNELS(image.format), channels);
        std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
        ASSERT_NE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr), 0) << image.message;
        EXPECT_EQ(pixels, picture.pixels);
    }
}

}  // namespace
}  // namespace lockstep
