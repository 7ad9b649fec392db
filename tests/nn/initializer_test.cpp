#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <lockstep/core/error.h>
#include <lockstep/nn/initializer.h>
#include <lockstep/nn/registry.h>

#include "error_of.h"

using namespace lockstep;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;

namespace {

const Shape kKernel{100, 400};  // fan in 100, fan out 400

std::vector<float> fill(const Config& type, const Shape& shape = kKernel, std::uint64_t seed = 3) {
    std::vector<float> values(shape.size());
    make_initializer(type)->fill(shape, RandomStream(seed, Purpose::initial_weights), values);
    return values;
}

Config table(const char* json) {
    return Config::from_json(json);
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
                    Expected{"random_normal", 0.05, 0.0}, Expected{"truncated_normal", 0.05 * 0.8796, 0.1},
                    Expected{"variance_scaling", std::sqrt(1.0 / 100), kTruncation* std::sqrt(1.0 / 100)}));

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

/// The matrix [rows, columns] times its transpose, the shorter side outside: the unit matrix times gain^2.
void expect_orthogonal(const std::vector<float>& values, std::size_t rows, std::size_t columns, double gain) {
    const bool tall = rows >= columns;
    const std::size_t vectors = tall ? columns : rows, length = tall ? rows : columns;
    const auto element = [&](std::size_t vector, std::size_t i) {
        return static_cast<double>(tall ? values[i * columns + vector] : values[vector * columns + i]);
    };
    for (std::size_t a = 0; a < vectors; ++a) {
        for (std::size_t b = 0; b <= a; ++b) {
            double product = 0.0;
            for (std::size_t i = 0; i < length; ++i) product += element(a, i) * element(b, i);
            ASSERT_NEAR(product, a == b ? gain * gain : 0.0, 1e-5) << a << ", " << b;
        }
    }
}

TEST(Initializer, Orthogonal) {
    expect_orthogonal(fill("orthogonal", {64, 64}), 64, 64, 1.0);
    expect_orthogonal(fill("orthogonal", {70, 30}), 70, 30, 1.0);
    expect_orthogonal(fill("orthogonal", {30, 70}), 30, 70, 1.0);
    expect_orthogonal(fill("orthogonal", {3, 3, 4, 16}), 36, 16, 1.0);
    expect_orthogonal(fill(table(R"({"type": "orthogonal", "gain": 1.5})"), {40, 20}), 40, 20, 1.5);
    EXPECT_NE(fill("orthogonal"), fill("orthogonal", kKernel, 4));
    EXPECT_THROW(fill("orthogonal", {7}), ShapeError);
}

/// Without a preferred sign: R of the decomposition has a positive diagonal, so that Q is spread evenly.
TEST(Initializer, OrthogonalHasBothSigns) {
    const auto values = fill("orthogonal", {100, 100});
    EXPECT_NEAR(mean(values), 0.0, 0.005);
    EXPECT_NEAR(sigma(values), 0.1, 1e-6);
    const auto diagonal_sum = [&] {
        double sum = 0.0;
        for (std::size_t i = 0; i < 100; ++i) sum += static_cast<double>(values[i * 101]);
        return sum;
    };
    EXPECT_LT(std::abs(diagonal_sum()), 4.0);  // its standard deviation is 1
}

TEST(Initializer, Identity) {
    EXPECT_THAT(fill("identity", {2, 3}), ElementsAre(1, 0, 0, 0, 1, 0));
    EXPECT_THAT(fill(table(R"({"type": "identity", "gain": 0.5})"), {3, 2}),
                ElementsAre(0.5, 0, 0, 0.5, 0, 0));
    EXPECT_THROW(fill("identity", {2, 2, 2}), ShapeError);
}

TEST(Initializer, TablesHaveKeys) {
    EXPECT_THAT(fill(table(R"({"type": "constant", "value": -1.5})")), Each(-1.5F));
    const auto uniform = fill(table(R"({"type": "random_uniform", "minval": 1.0, "maxval": 3.0})"));
    EXPECT_NEAR(mean(uniform), 2.0, 0.01);
    EXPECT_THAT(uniform, Each(AllOf(Ge(1.0F), Le(3.0F))));
    const auto normal = fill(table(R"({"type": "random_normal", "mean": 5.0, "stddev": 0.5})"));
    EXPECT_NEAR(mean(normal), 5.0, 0.01);
    EXPECT_NEAR(sigma(normal), std::hypot(5.0, 0.5), 0.02);
    const auto truncated = fill(table(R"({"type": "truncated_normal", "mean": 5.0, "stddev": 0.5})"));
    EXPECT_NEAR(mean(truncated), 5.0, 0.01);
    EXPECT_THAT(truncated, Each(AllOf(Ge(4.0F), Le(6.0F))));
}

TEST(Initializer, VarianceScaling) {
    const auto scaled = [](const char* mode, const char* distribution) {
        return fill(Config::table(
            {{"type", "variance_scaling"}, {"scale", 3.0}, {"mode", mode}, {"distribution", distribution}}));
    };
    const double in = std::sqrt(3.0 / 100), out = std::sqrt(3.0 / 400), average = std::sqrt(3.0 / 250);
    for (const char* distribution : {"truncated_normal", "untruncated_normal", "uniform"}) {
        EXPECT_NEAR(sigma(scaled("fan_in", distribution)), in, 0.02 * in) << distribution;
        EXPECT_NEAR(sigma(scaled("fan_out", distribution)), out, 0.02 * out) << distribution;
        EXPECT_NEAR(sigma(scaled("fan_avg", distribution)), average, 0.02 * average) << distribution;
    }
    EXPECT_LE(largest(scaled("fan_in", "uniform")), std::sqrt(3.0) * in);
    EXPECT_LE(largest(scaled("fan_in", "truncated_normal")), kTruncation * in * (1.0 + 1e-6));
    EXPECT_GT(largest(scaled("fan_in", "untruncated_normal")), 3.0 * in);
    EXPECT_EQ(fill(Config::table({{"type", "variance_scaling"}, {"scale", 2.0}})), fill("he_normal"));
}

bool has_key(const TypeHelp& help, const std::string& key) {
    return std::ranges::find(help.keys, key, &TypeHelp::Key::name) != help.keys.end();
}

TEST(Initializer, ConfigMakesTheSameInitializer) {
    for (const std::string& type : initializer_registry().types()) {
        const auto initializer = make_initializer(type);
        const Config config = initializer->config();
        EXPECT_EQ(initializer->type(), type);
        const auto again = make_initializer(config);
        EXPECT_TRUE(again->config() == config) << type;
        if (config.is_string()) continue;
        for (const std::string& key : config.keys())
            EXPECT_TRUE(key == "type" || has_key(initializer_registry().help(type), key)) << key;
    }
    for (const char* json :
         {R"({"type": "constant", "value": 2.5})", R"({"type": "orthogonal", "gain": 2.5})",
          R"({"type": "identity", "gain": 2.5})",
          R"({"type": "random_uniform", "minval": 0.5, "maxval": 0.75})",
          R"({"type": "random_normal", "mean": 0.5, "stddev": 0.75})",
          R"({"type": "truncated_normal", "mean": 0.5, "stddev": 0.75})",
          R"({"type": "variance_scaling", "scale": 0.5, "mode": "fan_out", "distribution": "uniform"})"})
        EXPECT_TRUE(make_initializer(table(json))->config() == table(json)) << json;
    EXPECT_TRUE(make_initializer("he_normal")->config() == Config("he_normal"));
}

std::string message_of(const char* json) {
    return error_of<ConfigError>([&] { make_initializer(table(json)); });
}

TEST(Initializer, ErrorsNameTheKey) {
    EXPECT_THAT(message_of(R"({"type": "random_normal", "stddev": -0.5})"),
                HasSubstr("stddev: expected a number of at least 0, got -0.5"));
    EXPECT_THAT(message_of(R"({"type": "random_uniform", "minval": 1, "maxval": 0})"),
                HasSubstr("maxval: expected a number of at least minval, got 0"));
    EXPECT_THAT(message_of(R"({"type": "constant", "value": "NaN"})"),
                HasSubstr("value: expected a finite number, got nan"));
    EXPECT_THAT(message_of(R"({"type": "orthogonal", "gain": "Infinity"})"), HasSubstr("gain: expected"));
    EXPECT_THAT(message_of(R"({"type": "variance_scaling", "scale": 0})"), HasSubstr("scale: expected"));
    EXPECT_THAT(message_of(R"({"type": "variance_scaling", "mode": "fan"})"),
                HasSubstr("mode: expected fan_in, fan_out or fan_avg, got fan"));
    EXPECT_THAT(message_of(R"({"type": "variance_scaling", "distribution": "normal"})"),
                HasSubstr("distribution: expected"));
    EXPECT_THAT(message_of(R"({"type": "he_normal", "scale": 1})"), HasSubstr("scale: unknown key"));
    EXPECT_THAT(message_of(R"({"value": 1})"), HasSubstr("type"));
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
