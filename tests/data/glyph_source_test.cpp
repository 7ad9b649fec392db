#include <algorithm>
#include <array>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/data/glyph_source.h>

#include "counting_source.h"

namespace lockstep {
namespace {

GlyphSource glyphs(std::uint64_t seed, std::uint64_t stream, std::uint64_t samples = 200) {
    return GlyphSource({.samples = samples, .seed = seed, .stream = stream});
}

float distance(std::span<const float> a, std::span<const float> b) {
    float sum = 0.0F;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

TEST(GlyphSource, ASampleDependsOnSeedStreamAndIndexAlone) {
    const GlyphSource source = glyphs(1, 0);
    const Rows forwards = read_rows(source, {3, 50, 199});
    EXPECT_EQ(read_rows(source, {3, 50, 199}).inputs, forwards.inputs) << "as kept";
    const Rows alone = read_rows(glyphs(1, 0, 100), {50});
    EXPECT_TRUE(std::ranges::equal(alone.inputs, std::span(forwards.inputs).subspan(784, 784)));
    EXPECT_EQ(alone.targets[0], forwards.targets[1]);
}

TEST(GlyphSource, PartsAndSeedsHaveDifferentSamples) {
    const Rows training = read_rows(glyphs(1, 0), range(0, 100));
    for (const auto& other :
         {read_rows(glyphs(1, 1), range(0, 100)), read_rows(glyphs(2, 0), range(0, 100))}) {
        EXPECT_NE(other.targets, training.targets);
        float least = 1e9F;
        for (std::size_t i = 0; i < 100; ++i)
            for (std::size_t j = 0; j < 100; ++j)
                least = std::min(least, distance(std::span(training.inputs).subspan(784 * i, 784),
                                                 std::span(other.inputs).subspan(784 * j, 784)));
        EXPECT_GT(least, 1.0F) << "no two pictures are nearly the same";
    }
}

TEST(GlyphSource, EachTenHasAllDigitsInAnOrderOfItsOwn) {
    const std::vector<float> labels = read_rows(glyphs(5, 0), range(0, 200)).targets;
    std::map<std::vector<float>, int> orders;
    for (auto ten = labels.begin(); ten != labels.end(); ten += 10) {
        EXPECT_THAT(std::vector<float>(ten, ten + 10),
                    testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        ++orders[{ten, ten + 10}];
    }
    EXPECT_EQ(orders.size(), 20U);
}

TEST(GlyphSource, PicturesHaveInkInTheMiddleAndPaperAtTheRim) {
    const Rows rows = read_rows(glyphs(1, 0), range(0, 200));
    float brightest_rim = 0.0F;
    for (std::size_t i = 0; i < 200; ++i) {
        const auto picture = std::span(rows.inputs).subspan(784 * i, 784);
        EXPECT_GE(*std::ranges::min_element(picture), 0.0F);
        EXPECT_LE(*std::ranges::max_element(picture), 1.0F);
        const auto ink = std::ranges::count_if(picture, [](float value) { return value > 0.4F; });
        EXPECT_GT(ink, 20) << "glyph " << i;
        EXPECT_LT(ink, 300) << "glyph " << i;
        for (const std::size_t corner : {0U, 27U, 756U, 783U})
            brightest_rim = std::max(brightest_rim, picture[corner]);
    }
    EXPECT_LT(brightest_rim, 0.3F);
}

/// The digits can be told apart: the mean picture of each is the nearest one for most new pictures, but not
/// for all.
TEST(GlyphSource, NearestMeanPictureIsMostlyRight) {
    const Rows training = read_rows(glyphs(1, 0, 2000), range(0, 2000));
    std::vector<float> means(10 * 784);
    for (std::size_t i = 0; i < 2000; ++i)
        for (std::size_t pixel = 0; pixel < 784; ++pixel)
            means[784 * static_cast<std::size_t>(training.targets[i]) + pixel] +=
                training.inputs[784 * i + pixel] / 200.0F;
    const Rows fresh = read_rows(glyphs(1, 1, 500), range(0, 500));
    int right = 0;
    for (std::size_t i = 0; i < 500; ++i) {
        std::array<float, 10> away;
        for (std::size_t digit = 0; digit < 10; ++digit)
            away[digit] = distance(std::span(fresh.inputs).subspan(784 * i, 784),
                                   std::span(means).subspan(784 * digit, 784));
        right +=
            std::ranges::min_element(away) - away.begin() == static_cast<std::ptrdiff_t>(fresh.targets[i]);
    }
    EXPECT_GT(right, 300);
    EXPECT_LT(right, 470);
}

TEST(GlyphSource, SamplesBeyondTheKeptOnesAreDrawnEachTime) {
    const GlyphSource source = glyphs(1, 0, 1'000'000);  // 784 MB, of which 256 MiB would be kept
    const Rows rows = read_rows(source, {999'999, 5, 999'998});
    EXPECT_EQ(read_rows(source, {999'998, 999'999}).targets,
              (std::vector<float>{rows.targets[2], rows.targets[0]}));
    EXPECT_GT(distance(std::span(rows.inputs).first(784), std::span(rows.inputs).subspan(1568, 784)), 1.0F);
}

}  // namespace
}  // namespace lockstep
