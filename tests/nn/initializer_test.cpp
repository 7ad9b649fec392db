#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/initializer.h>

using namespace lockstep;
using testing::Each;
using testing::HasSubstr;

namespace {

const Shape kKernel{100, 400};  // fan in 100, fan out 400

std::vector<float> fill(const std::string& type, const Shape& shape = kKernel, std::uint64_t seed = 3) {
    std::vector<float> values(shape.size());
    make_initializer(type)->fill(shape, RandomStream(seed, Purpose::initial_weights), values);
    return values;
}

double largest(const std::vector<float>& values) {
    double result = 0.0;
    for (const float value : values) result = std::max(result, std::abs(static_cast<double>(value)));
    return result;
}

double sigma(const std::vector<float>& values) {
    double squares = 0.0;
    for (const float value : values) squares += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

double mean(const std::vector<float>& values) {
    double sum = 0.0;
    for (const float value : values) sum += static_cast<double>(value);
    return sum / static_cast<double>(values.size());
}

struct Expected {
    const char* type;
    double sigma;
    double limit;  // no value beyond, and some value near it; 0: no limit
};

class RandomInitializer : public testing::TestWithParam<Expected> {};

TEST_P(RandomInitializer, HasTheSpreadOfKeras) {
    const auto values = fill(GetParam().type);
    EXPECT_NEAR(mean(values), 0.0, 0.02 * GetParam().sigma);
    EXPECT_NEAR(sigma(values), GetParam().sigma, 0.02 * GetParam().sigma);
    if (GetParam().limit > 0.0) {
        EXPECT_LE(largest(values), GetParam().limit * (1.0 + 1e-6));
        EXPECT_GE(largest(values), GetParam().limit * 0.99);
    }
}

constexpr double kTruncation = 2.0 / 0.87962566103423978;  // limit per sigma

INSTANTIATE_TEST_SUITE_P(
    BuiltIn, RandomInitializer,
    testing::Values(Expected{"glorot_uniform", std::sqrt(2.0 / 500), std::sqrt(6.0 / 500)},
                    Expected{"he_uniform", std::sqrt(2.0 / 100), std::sqrt(6.0 / 100)},
                    Expected{"lecun_uniform", std::sqrt(1.0 / 100), std::sqrt(3.0 / 100)},
                    Expected{"glorot_normal", std::sqrt(2.0 / 500), kTruncation* std::sqrt(2.0 / 500)},
                    Expected{"he_normal", std::sqrt(2.0 / 100), kTruncation* std::sqrt(2.0 / 100)},
                    Expected{"lecun_normal", std::sqrt(1.0 / 100), kTruncation* std::sqrt(1.0 / 100)},
                    Expected{"random_uniform", 0.05 / std::sqrt(3.0), 0.05},
                    Expected{"random_normal", 0.05, 0.0}));

TEST(Initializer, Constants) {
    EXPECT_THAT(fill("zeros"), Each(0.0F));
    EXPECT_THAT(fill("ones"), Each(1.0F));
}

TEST(Initializer, FansOfConvolutionKernels) {
    // 3 x 3 positions, 8 channels in, 16 out: fan in 72, fan out 144.
    EXPECT_NEAR(largest(fill("glorot_uniform", {3, 3, 8, 16})), std::sqrt(6.0 / (72 + 144)), 0.002);
    EXPECT_NEAR(largest(fill("he_uniform", {3, 3, 8, 16})), std::sqrt(6.0 / 72), 0.004);
}

TEST(Initializer, IsAFunctionOfTheSeed) {
    for (const char* type : {"glorot_uniform", "he_normal"}) {
        EXPECT_EQ(fill(type), fill(type));
        EXPECT_NE(fill(type), fill(type, kKernel, 4));
    }
}

TEST(Initializer, UnknownNameSuggestsTheNearest) {
    try {
        make_initializer("glorot_unifrom");
        FAIL();
    } catch (const ConfigError& error) {
        EXPECT_THAT(error.what(), HasSubstr("did you mean \"glorot_uniform\"?"));
    }
}

}  // namespace
