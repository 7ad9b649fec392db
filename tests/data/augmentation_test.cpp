#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/data/augmentation_chain.h>
#include <lockstep/data/registry.h>

namespace lockstep {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;

std::vector<float> counting(std::size_t size, float first = 0.0F) {
    std::vector<float> values(size);
    std::iota(values.begin(), values.end(), first);
    return values;
}

Config json(const std::string& text) {
    return Config::from_json(text);
}

/// What one augmentation makes of an image at a position of pass 0.
std::vector<float> augmented(const std::string& config, const Shape& shape, const std::vector<float>& image,
                             std::uint64_t position = 0, std::uint64_t seed = 1, std::uint64_t pass = 0) {
    AugmentationChain chain({json(config)}, shape);
    chain.begin_pass(seed, pass);
    std::vector<float> result(chain.output_shape().size());
    chain.apply(position, image, result);
    return result;
}

std::string error_of(const std::string& config, const Shape& shape) {
    try {
        AugmentationChain chain({json(config)}, shape);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no error";
}

/// All results of many positions, each once.
std::set<std::vector<float>> variants(const std::string& config, const Shape& shape,
                                      const std::vector<float>& image) {
    std::set<std::vector<float>> found;
    for (std::uint64_t position = 0; position < 400; ++position)
        found.insert(augmented(config, shape, image, position));
    return found;
}

TEST(RandomFlip, MirrorsLeftToRightOrNot) {
    const auto found = variants(R"({"type": "random_flip", "mode": "horizontal"})", {2, 3, 2}, counting(12));
    EXPECT_THAT(found, ElementsAre(counting(12), std::vector<float>{4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7}));
}

TEST(RandomFlip, TurnsUpsideDownOrNot) {
    const auto found = variants(R"({"type": "random_flip", "mode": "vertical"})", {2, 2, 1}, counting(4));
    EXPECT_THAT(found, ElementsAre(counting(4), std::vector<float>{2, 3, 0, 1}));
}

TEST(RandomFlip, DoesBothUnlessTold) {
    EXPECT_EQ(variants(R"("random_flip")", {2, 2, 1}, counting(4)).size(), 4U);
}

TEST(RandomFlip, FlipsHalfOfTheImages) {
    int flipped = 0;
    for (std::uint64_t position = 0; position < 1000; ++position)
        flipped += augmented(R"({"type": "random_flip", "mode": "horizontal"})", {1, 2, 1}, {0, 1},
                             position)[0] == 1.0F
                       ? 1
                       : 0;
    EXPECT_NEAR(flipped, 500, 80);  // five standard deviations
}

TEST(RandomCrop, CutsEveryRectangleThatFits) {
    const auto found =
        variants(R"({"type": "random_crop", "height": 2, "width": 2})", {3, 3, 1}, counting(9));
    EXPECT_THAT(found, ElementsAre(ElementsAre(0, 1, 3, 4), ElementsAre(1, 2, 4, 5), ElementsAre(3, 4, 6, 7),
                                   ElementsAre(4, 5, 7, 8)));
}

TEST(RandomCrop, PaddingIsPartOfTheImage) {
    const auto found = variants(R"({"type": "random_crop", "height": 1, "width": 3, "padding": 1,
                                    "fill_value": -5})",
                                {1, 2, 2}, {1, 2, 3, 4});
    EXPECT_THAT(found, ElementsAre(std::vector<float>(6, -5.0F), ElementsAre(-5, -5, 1, 2, 3, 4),
                                   ElementsAre(1, 2, 3, 4, -5, -5)))
        << "lines above and below, and the two places of the one in between";
}

TEST(RandomCrop, MayBeLargerThanTheImage) {
    EXPECT_THAT(
        augmented(R"({"type": "random_crop", "height": 3, "width": 3, "padding": 1})", {1, 1, 1}, {7}),
        ElementsAre(0, 0, 0, 0, 7, 0, 0, 0, 0));
}

TEST(RandomCrop, NeedsRoom) {
    EXPECT_THAT(error_of(R"({"type": "random_crop", "height": 6, "width": 4, "padding": 1})", {3, 9, 1}),
                HasSubstr("expected images of at least 6 x 4, got 3 x 9 and 1 pixels of padding"));
    EXPECT_THAT(error_of(R"({"type": "random_crop", "height": 0, "width": 4})", {3, 9, 1}),
                HasSubstr("at least 1"));
}

TEST(RandomTranslation, ShiftsByWholePixels) {
    const auto shifted = [](const std::string& how) {
        return augmented(
            R"({"type": "random_translation", "height_factor": [0, 0], "width_factor": [0.25, 0.25],)" + how +
                "}",
            {1, 4, 1}, {1, 2, 3, 4});
    };
    EXPECT_THAT(shifted(R"("fill_mode": "reflect")"), ElementsAre(1, 1, 2, 3)) << "to the right";
    EXPECT_THAT(shifted(R"("fill_mode": "wrap")"), ElementsAre(4, 1, 2, 3));
    EXPECT_THAT(shifted(R"("fill_mode": "nearest")"), ElementsAre(1, 1, 2, 3));
    EXPECT_THAT(shifted(R"("fill_mode": "constant", "fill_value": 9)"), ElementsAre(9, 1, 2, 3));
    EXPECT_THAT(augmented(R"({"type": "random_translation", "height_factor": [0.5, 0.5], "width_factor": 0,
                              "fill_mode": "constant"})",
                          {2, 1, 1}, {1, 2}),
                ElementsAre(0, 1))
        << "downwards";
}

TEST(RandomTranslation, FillsFarBeyondTheEdge) {
    const auto shifted = [](const std::string& mode) {
        return augmented(
            R"({"type": "random_translation", "height_factor": 0, "width_factor": [1, 1], "fill_mode": ")" +
                mode + "\"}",
            {1, 3, 1}, {1, 2, 3});
    };
    EXPECT_THAT(shifted("reflect"), ElementsAre(3, 2, 1));
    EXPECT_THAT(shifted("wrap"), ElementsAre(1, 2, 3));
    EXPECT_THAT(shifted("nearest"), ElementsAre(1, 1, 1));
}

TEST(RandomTranslation, WeighsNeighboursOrTakesTheNearest) {
    const std::string by_a_part = R"({"type": "random_translation", "height_factor": 0,
        "width_factor": [0.075, 0.075], "fill_mode": "constant", "fill_value": 10, "interpolation": )";
    EXPECT_THAT(augmented(by_a_part + "\"bilinear\"}", {1, 4, 1}, {1, 2, 3, 4}),
                Pointwise(FloatNear(1e-6F), {0.7F + 3.0F, 1.7F, 2.7F, 3.7F}));
    EXPECT_THAT(augmented(by_a_part + "\"nearest\"}", {1, 4, 1}, {1, 2, 3, 4}), ElementsAre(1, 2, 3, 4));
}

TEST(RandomTranslation, StaysWithinItsRange) {
    std::set<int> shifts;
    for (std::uint64_t position = 0; position < 400; ++position) {
        const auto image =
            augmented(R"({"type": "random_translation", "height_factor": 0, "width_factor": 0.2,
                                         "fill_mode": "nearest", "interpolation": "nearest"})",
                      {1, 10, 1}, counting(10), position);
        shifts.insert(static_cast<int>(5.0F - image[5]));
    }
    EXPECT_THAT(shifts, ElementsAre(-2, -1, 0, 1, 2));
}

TEST(RandomRotation, AQuarterTurnIsCounterClockwise) {
    const auto turned =
        augmented(R"({"type": "random_rotation", "factor": [0.25, 0.25]})", {3, 3, 1}, counting(9));
    EXPECT_THAT(turned, Pointwise(FloatNear(1e-5F), {2, 5, 8, 1, 4, 7, 0, 3, 6})) << "as numpy.rot90";
    EXPECT_THAT(augmented(R"({"type": "random_rotation", "factor": [0.5, 0.5]})", {2, 3, 1}, counting(6)),
                Pointwise(FloatNear(1e-5F), {5, 4, 3, 2, 1, 0}));
}

/// Against torch.nn.functional.grid_sample(align_corners=False) of PyTorch 1.13, its affine grid made of the
/// rotation by 0.2 of a turn about the centre; the image of 3 x 6 pixels is sin(i) for i = 0, 1, ...
TEST(RandomRotation, IsThatOfPyTorch) {
    std::vector<float> image(18);
    for (std::size_t i = 0; i < image.size(); ++i)
        image[i] = static_cast<float>(std::sin(static_cast<double>(i)));
    const std::vector<std::pair<std::string, std::vector<float>>> expected{
        {R"("interpolation": "bilinear", "fill_mode": "constant")",
         {0.000000F, 0.039844F, -0.070489F, -0.125419F, -0.183338F, 0.000000F, 0.000000F, 0.505339F,
          0.720486F, 0.685882F, 0.380003F, 0.000000F, 0.000000F, 0.747654F, 0.801430F, 0.836386F, 0.260793F,
          0.000000F}},
        {R"("interpolation": "bilinear", "fill_mode": "nearest")",
         {0.388078F, 0.150698F, -0.070489F, -0.125419F, -0.207765F, -0.438496F, 0.890812F, 0.881279F,
          0.720486F, 0.685882F, 0.662701F, 0.394591F, 0.653319F, 0.847265F, 0.801430F, 0.836386F, 0.986364F,
          0.881199F}},
        {R"("interpolation": "bilinear", "fill_mode": "reflect")",
         {0.532012F, 0.150698F, -0.070489F, -0.125419F, -0.207765F, -0.452734F, 0.893818F, 0.881279F,
          0.720486F, 0.685882F, 0.662701F, 0.302801F, 0.639202F, 0.847265F, 0.801430F, 0.836386F, 0.986364F,
          0.828041F}},
        {R"("interpolation": "nearest", "fill_mode": "constant")",
         {0.000000F, 0.000000F, 0.141120F, -0.544021F, -0.287903F, 0.000000F, 0.000000F, 0.909297F, 0.989358F,
          0.412118F, 0.650288F, 0.000000F, 0.000000F, 0.841471F, 0.656987F, 0.990607F, 0.000000F, 0.000000F}},
        {R"("interpolation": "nearest", "fill_mode": "reflect")",
         {0.412118F, 0.141120F, 0.141120F, -0.544021F, -0.287903F, -0.287903F, 0.909297F, 0.909297F,
          0.989358F, 0.412118F, 0.650288F, 0.650288F, 0.841471F, 0.841471F, 0.656987F, 0.990607F, 0.990607F,
          0.989358F}}};
    for (const auto& [how, values] : expected)
        EXPECT_THAT(
            augmented(R"({"type": "random_rotation", "factor": [0.2, 0.2], )" + how + "}", {3, 6, 1}, image),
            Pointwise(FloatNear(1e-5F), values))
            << how;
}

TEST(RandomRotation, ChecksItsFactor) {
    EXPECT_THAT(error_of(R"({"type": "random_rotation", "factor": 1.5})", {3, 3, 1}),
                HasSubstr("-1 <= lower <= upper <= 1"));
    EXPECT_THAT(error_of(R"({"type": "random_rotation", "factor": [0.2, 0.1]})", {3, 3, 1}),
                HasSubstr("-1 <= lower <= upper <= 1"));
    EXPECT_THAT(error_of(R"({"type": "random_rotation", "factor": "much"})", {3, 3, 1}),
                HasSubstr("factor: expected a number or [lower, upper]"));
    EXPECT_THAT(error_of(R"({"type": "random_rotation", "factor": 0.1, "fill_mode": "mirror"})", {3, 3, 1}),
                HasSubstr("fill_mode: expected \"constant\""));
}

TEST(GaussianNoiseAugmentation, HasTheDeviationThatIsAskedFor) {
    const std::vector<float> image(20000, 3.0F);
    const auto noisy = augmented(R"({"type": "gaussian_noise", "stddev": 0.5})", {20000}, image);
    double sum = 0, squares = 0;
    for (const float value : noisy) {
        sum += static_cast<double>(value) - 3.0;
        squares += (static_cast<double>(value) - 3.0) * (static_cast<double>(value) - 3.0);
    }
    EXPECT_NEAR(sum / 20000, 0.0, 5 * 0.5 / std::sqrt(20000.0));
    EXPECT_NEAR(squares / 20000, 0.25, 5 * 0.25 * std::sqrt(2.0 / 20000));
    EXPECT_THAT(error_of(R"({"type": "gaussian_noise", "stddev": -1})", {3}), HasSubstr("at least 0"));
}

TEST(AugmentationChain, OneAfterTheOther) {
    const std::vector<Config> both{json(R"({"type": "random_crop", "height": 1, "width": 1})"),
                                   json(R"({"type": "random_crop", "height": 3, "width": 1, "padding": 1})")};
    AugmentationChain chain(both, {1, 1, 2});
    EXPECT_EQ(chain.output_shape(), (Shape{3, 1, 2}));
    std::vector<float> result(6);
    std::set<std::vector<float>> found;
    for (std::uint64_t position = 0; position < 100; ++position) {
        chain.apply(position, std::vector<float>{1, 2}, result);
        found.insert(result);
    }
    EXPECT_THAT(found, ElementsAre(ElementsAre(0, 0, 0, 0, 0, 0), ElementsAre(0, 0, 1, 2, 0, 0)));
}

TEST(AugmentationChain, IsAFunctionOfSeedPassAndPosition) {
    const std::string noise = R"({"type": "gaussian_noise", "stddev": 1})";
    const std::vector<float> image(4);
    const auto reference = augmented(noise, {4}, image, 5, 1, 2);
    EXPECT_EQ(augmented(noise, {4}, image, 5, 1, 2), reference);
    EXPECT_NE(augmented(noise, {4}, image, 6, 1, 2), reference);
    EXPECT_NE(augmented(noise, {4}, image, 5, 2, 2), reference);
    EXPECT_NE(augmented(noise, {4}, image, 5, 1, 3), reference);
    AugmentationChain twice({json(noise), json(noise)}, {4});
    twice.begin_pass(1, 2);
    std::vector<float> result(4);
    twice.apply(5, image, result);
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_NE(result[i], 2.0F * reference[i]) << "each has numbers of its own";
}

TEST(AugmentationChain, SaysWhichOneDoesNotFit) {
    EXPECT_THAT(error_of(R"("random_flip")", {784}),
                HasSubstr("expected images [height, width, channels], got samples of shape [784]"));
    EXPECT_THAT(error_of(R"("random_flop")", {2, 2, 1}), HasSubstr("did you mean \"random_flip\"?"));
    EXPECT_THAT(error_of(R"({"type": "random_flip", "modus": "vertical"})", {2, 2, 1}), HasSubstr("modus"));
}

/// x -> -x, sometimes.
class Negate final : public Augmentation {
public:
    Shape build(const Shape& input) override { return input; }
    void apply(const SampleDraws& draws, std::span<const float> from, std::span<float> to) override {
        const float sign = draws.uniform()[0] < 0.5F ? -1.0F : 1.0F;
        std::ranges::transform(from, to.begin(), [&](float value) { return sign * value; });
    }
};

TEST(AugmentationChain, TakesTypesOfTheUser) {
    register_augmentation("negate", [](const Config&) { return std::make_unique<Negate>(); });
    EXPECT_THAT(variants(R"("negate")", {2}, {1, 2}), ElementsAre(ElementsAre(-1, -2), ElementsAre(1, 2)));
}

}  // namespace
}  // namespace lockstep
